package io.weft.agent.neighbour;

/// What this agent and its neighbours have done for each other since it started.
///
/// @param asked ranges that were asked of neighbours
/// @param answered of these, those that came
/// @param answeredBytes of them
/// @param busy those that the owner was too busy for
/// @param fellBack reads that went to the store, or would have, since no neighbour answered them
/// @param hedged reads that went to the store as well, since the owner was slow
/// @param served ranges that were sent to neighbours
/// @param servedBytes of them
/// @param turnedAway requests of neighbours that were refused at once
/// @param members agents of the zone that share what they have; this one among them
public record NeighbourFigures(
    long asked,
    long answered,
    long answeredBytes,
    long busy,
    long fellBack,
    long hedged,
    long served,
    long servedBytes,
    long turnedAway,
    int members) {
  public static final NeighbourFigures NONE = new NeighbourFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
