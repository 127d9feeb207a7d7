package io.weft.storage.object;

import io.weft.environment.Randomness;
import java.util.List;
import java.util.Optional;

/// How slow, and how faulty, a kind of object store is.
///
/// @param put of a whole object, without the time its bytes take
/// @param firstByte of a read; also of a stat and a list
/// @param conditionalPut as `put`, with "if absent"
/// @param mibPerSecond at which one request's bytes move
/// @param refusedOneIn one call in so many is answered 503 and does nothing; 0: none
/// @param timedOutOneIn one write in so many succeeds, but its answer is lost; 0: none
public record LatencyProfile(
    Spread put,
    Spread firstByte,
    Spread conditionalPut,
    int mibPerSecond,
    int refusedOneIn,
    int timedOutOneIn) {
  public static final LatencyProfile S3_STANDARD =
      new LatencyProfile(
          new Spread(60, 250), new Spread(25, 120), new Spread(40, 180), 80, 10_000, 0);

  public static final LatencyProfile S3_EXPRESS =
      new LatencyProfile(new Spread(8, 25), new Spread(4, 15), new Spread(7, 22), 150, 50_000, 0);

  /// A store in trouble.
  public static final LatencyProfile BROWN_OUT =
      new LatencyProfile(
          new Spread(400, 5_000), new Spread(200, 4_000), new Spread(300, 5_000), 10, 5, 50);

  /// What [#named] knows, for settings.
  public static final List<String> NAMES = List.of("s3-standard", "s3-express", "brown-out");

  /// The profile of that name.
  public static Optional<LatencyProfile> named(String name) {
    return switch (name) {
      case "s3-standard" -> Optional.of(S3_STANDARD);
      case "s3-express" -> Optional.of(S3_EXPRESS);
      case "brown-out" -> Optional.of(BROWN_OUT);
      default -> Optional.empty();
    };
  }

  /// A log-normal distribution of milliseconds, by its median and its 99th percentile.
  public record Spread(double p50Ms, double p99Ms) {
    /// The 99th percentile of the standard normal distribution.
    private static final double NORMAL_P99 = 2.3263478740408408;

    public Spread {
      if (!(p50Ms > 0 && p99Ms >= p50Ms)) {
        throw new IllegalArgumentException("a spread from " + p50Ms + " to " + p99Ms + " ms");
      }
    }

    double sampleMs(Randomness randomness) {
      // Box and Muller; 1 - x since the logarithm of 0 is none.
      double radius = Math.sqrt(-2 * Math.log(1 - randomness.nextDouble()));
      double normal = radius * Math.cos(2 * Math.PI * randomness.nextDouble());
      return p50Ms * Math.exp(normal * Math.log(p99Ms / p50Ms) / NORMAL_P99);
    }
  }
}
