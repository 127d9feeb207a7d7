/// Values that appear on two floors or more: ids of topics, partitions, agents and zones, extents.
///
/// Invariants: every value checks itself when it is made; nothing here knows a clock, a thread, a
/// byte format or an error code of Kafka's. Anything that only one floor needs lives on that floor.
package io.weft.model;
