package io.weft.agent.api;

import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import org.apache.kafka.common.protocol.ApiKeys;

/// Answers the requests of one Kafka API.
public interface ApiHandler {
  ApiKeys key();

  Answer handle(Request request) throws InterruptedException;
}
