package io.weft.agent.network;

import io.weft.environment.Environment;
import io.weft.protocol.frame.FrameParser;

/// What all connections of a listener share.
record Serving(
    Environment environment,
    FrameParser parser,
    RequestHandler handler,
    Admission admission,
    NetworkSettings settings) {}
