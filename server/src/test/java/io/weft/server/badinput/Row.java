package io.weft.server.badinput;

/// One wrong or border-line input and what is to be answered.
///
/// @param id stable name of the row
/// @param kafka what Apache Kafka 4.3.1 answers
/// @param weft what Weft answers: the same, but where Kafka loses data, hangs or gives no reason
record Row(String id, String what, String kafka, String weft, Probe probe) {
  interface Probe {
    String ask(Target target) throws Exception;
  }

  static Row same(String id, String what, String answer, Probe probe) {
    return new Row(id, what, answer, answer, probe);
  }

  static Row differs(String id, String what, String kafka, String weft, Probe probe) {
    return new Row(id, what, kafka, weft, probe);
  }
}
