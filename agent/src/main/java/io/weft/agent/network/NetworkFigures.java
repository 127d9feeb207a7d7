package io.weft.agent.network;

/// What a listener holds now.
///
/// @param connections that are open
/// @param requestBytes of requests that are being read, handled or answered
/// @param answerBytes of answers that are being built or sent
public record NetworkFigures(int connections, long requestBytes, long answerBytes) {}
