/// What an operator may set, read from flags, environment variables and a YAML file.
///
/// `SettingTable` (every setting there is) `→ SettingReader` (flag before environment before file
/// before default) `→ Settings` (typed values). `TieredStorage` is a file of its own: the two
/// stores of a cluster.
///
/// Invariants: one name everywhere (`flush.interval.ms` is `--flush-interval-ms`,
/// `WEFT_FLUSH_INTERVAL_MS` and the same in the file; Kafka's name where Kafka has the setting); an
/// unknown name or a wrong value stops the start with one sentence that says how to correct it.
/// Must not know: what a setting is used for.
package io.weft.server.settings;
