package io.weft.server.doctor;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/// Asks a store for several things at once. Owned by one thread.
final class Lanes {
  private final Environment environment;
  private final int countMax;

  /// @param countMax how many threads work at once, at most
  Lanes(Environment environment, int countMax) {
    this.environment = environment;
    this.countMax = countMax;
  }

  /// The results in the order of the items.
  ///
  /// @throws RuntimeException that one of the calls threw; then none is under way any more
  <T, R> List<R> map(List<T> items, Function<T, R> call) {
    AtomicInteger next = new AtomicInteger();
    AtomicReferenceArray<R> results = new AtomicReferenceArray<>(items.size());
    List<Pending<Boolean>> lanes = new ArrayList<>();
    for (int lane = 0; lane < Math.min(countMax, items.size()); lane++) {
      Pending<Boolean> done = new Pending<>();
      lanes.add(done);
      environment
          .tasks()
          .start(
              "doctor-" + lane,
              () -> {
                try {
                  for (int i = next.getAndIncrement();
                      i < items.size();
                      i = next.getAndIncrement()) {
                    results.set(i, call.apply(items.get(i)));
                  }
                  done.complete(true);
                } catch (RuntimeException failure) {
                  next.set(items.size());
                  done.fail(failure);
                }
              });
    }
    awaitAll(lanes);
    List<R> all = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      all.add(results.get(i));
    }
    return all;
  }

  private static void awaitAll(List<Pending<Boolean>> lanes) {
    List<RuntimeException> failures = new ArrayList<>();
    for (Pending<Boolean> lane : lanes) {
      try {
        lane.await();
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        throw new ObjectStoreException.Unavailable("interrupted", interrupt);
      } catch (RuntimeException failure) {
        failures.add(failure);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }
}
