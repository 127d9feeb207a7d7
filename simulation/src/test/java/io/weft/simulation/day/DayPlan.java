package io.weft.simulation.day;

/// How a day is.
///
/// @param partitions in one topic
/// @param agents that write, merge and delete
/// @param flushMs how often an agent commits a file; each has one batch for every partition that is
///   its own then
/// @param retentionMs of the topic
/// @param hourMs after how much time it is looked at
/// @param hours how often
record DayPlan(int partitions, int agents, int flushMs, long retentionMs, long hourMs, int hours) {
  private static final int MS_PER_HOUR = 3_600_000;

  /// A whole day of a large cluster.
  static final DayPlan WHOLE =
      new DayPlan(
          10_000, 10, 120_000, MS_PER_HOUR, MS_PER_HOUR, Integer.getInteger("weft.day.hours", 24));

  /// Five hours, with fewer of everything, and a retention of half an hour.
  static final DayPlan SMALL = new DayPlan(300, 10, 30_000, MS_PER_HOUR / 2, MS_PER_HOUR / 2, 10);
}
