package io.weft.server.badinput;

/// One wrong or border-line input and what is to be answered.
///
/// @param what the input, which names the row within its table
/// @param kafka what Apache Kafka 4.3.1 answers
/// @param weft what Weft answers: the same, but where Kafka loses data, hangs or gives no reason
record Row(String what, String kafka, String weft, Probe probe) {
  interface Probe {
    String ask(Target target) throws Exception;
  }

  static Row same(String what, String answer, Probe probe) {
    return new Row(what, answer, answer, probe);
  }

  static Row differs(String what, String kafka, String weft, Probe probe) {
    return new Row(what, kafka, weft, probe);
  }
}
