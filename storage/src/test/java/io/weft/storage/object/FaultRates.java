package io.weft.storage.object;

import java.util.EnumMap;
import java.util.Map;

/// How often each fault befalls a call by chance, and how bad it is then.
///
/// @param perMillion of the calls it fits, for each fault; one that is not named never happens
/// @param burstCallsMax how many calls a burst spoils at most
/// @param lateMsMax how late a write lands at most; 0: only when it is told to
/// @param stallMsMax how long a call hangs at most; 0: until it is released
public record FaultRates(
    Map<StoreFault, Integer> perMillion, int burstCallsMax, long lateMsMax, long stallMsMax) {
  /// No fault by chance; what is planned happens when it is told to.
  public static final FaultRates NONE = new FaultRates(Map.of(), 10, 0, 0);

  public FaultRates {
    // An ordered copy: the caller's order must not decide what chance does.
    Map<StoreFault, Integer> ordered = new EnumMap<>(StoreFault.class);
    ordered.putAll(perMillion);
    perMillion = ordered;
    if (burstCallsMax < 1 || lateMsMax < 0 || stallMsMax < 0) {
      throw new IllegalArgumentException("fault rates that make no sense");
    }
  }

  int of(StoreFault fault) {
    return perMillion.getOrDefault(fault, 0);
  }
}
