/// Clusters with a bug in them: each puts one between two parts that are right. If the simulation
/// does not find them, it would not find the like in Weft.
///
/// Must not know: how they are found.
package io.weft.simulation.broken;
