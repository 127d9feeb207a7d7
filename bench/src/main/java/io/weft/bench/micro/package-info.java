/// Benchmarks of single pieces of the hot paths (JMH), and the heap an extent takes.
///
/// `BatchVerification → FileComposing → Sequencing, LeaderSequencing → FetchAssembly`, in the order
/// in which a batch meets what they measure; `ExtentHeap` is a program of its own.
///
/// Invariants: nothing here runs in production or in a test; each uses only what the measured
/// package shows to others. `bench/micro` runs them.
package io.weft.bench.micro;
