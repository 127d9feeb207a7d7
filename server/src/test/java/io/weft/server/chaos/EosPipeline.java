package io.weft.server.chaos;

import io.weft.history.check.Pipeline;

/// A group that makes an output of every input.
///
/// @param protocol of the group, as the consumer's setting names it; its name too
record EosPipeline(String protocol, NumberedTopic output) {
  String group() {
    return "eos-" + protocol;
  }

  Pipeline expected() {
    return Pipeline.numbered(group(), EosRun.INPUT.name() + "-", output.name() + "-");
  }
}
