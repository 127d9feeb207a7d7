package io.weft.simulation.fault;

import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import java.util.EnumMap;
import java.util.Map;

/// How likely each fault is in one world, now; and whether it happened. Owned by its world.
public final class Weather {
  private static final int MILLION = 1_000_000;

  private final FaultCounts counts;
  private final Randomness randomness;
  private final Map<Fault, Integer> perMillion = new EnumMap<>(Fault.class);
  private int storm = 1;
  private boolean healed;

  public Weather(Environment environment, FaultCounts counts) {
    this.randomness = environment.randomness();
    this.counts = counts;
  }

  public void rate(Fault fault, int ofMillion) {
    perMillion.put(fault, ofMillion);
  }

  public int rateOf(Fault fault) {
    return perMillion.getOrDefault(fault, 0);
  }

  /// Makes everything this many times as likely.
  public void storm(int times) {
    storm = times;
  }

  /// Nothing goes wrong from here on.
  public void heal() {
    healed = true;
  }

  /// Draws whether a fault befalls a call, and counts it.
  public boolean strikes(Fault fault) {
    if (healed) {
      return false;
    }
    int rate = perMillion.getOrDefault(fault, 0) * storm;
    if (rate == 0 || randomness.nextInt(MILLION) >= rate) {
      return false;
    }
    counts.count(fault);
    return true;
  }

  /// Counts a fault that somebody else has decided.
  public void struck(Fault fault) {
    counts.count(fault);
  }

  /// Counts what a process had in its hands when it was killed.
  public void cutOff(String what) {
    counts.countCutOff(what);
  }

  public void saw(Sight sight) {
    counts.count(sight);
  }

  /// From 0 to `max`, inclusive.
  public int upTo(int max) {
    return randomness.nextInt(max + 1);
  }

  /// From `min` to `max`, inclusive.
  public int between(int min, int max) {
    return min + randomness.nextInt(max - min + 1);
  }

  public boolean oneIn(int times) {
    return randomness.nextInt(times) == 0;
  }
}
