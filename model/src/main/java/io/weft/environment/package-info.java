/// The only door to time, sleeping, starting threads and chance.
///
/// `Environment → Clock, Tasks, Randomness`; threads are virtual, except for the few that have to
/// go on while others compute (`Tasks.startApart`); `Pending` hands one value from one thread to
/// another; `BlockingCalls` has platform threads for what blocks in the kernel; `Outage` knows what
/// is worth a line in the log; `Backoff` spaces attempts.
///
/// Invariants: no other package calls `System.nanoTime`, `Thread.sleep`, a timed wait,
/// `Thread.ofVirtual`, `ThreadLocalRandom` or the like (the module `house` holds the door shut), so
/// that a simulated twin can run the same code under virtual time from one seed. Code that runs
/// here uses `ReentrantLock`, never `synchronized`.
package io.weft.environment;
