package io.weft.agent.neighbour;

import io.weft.agent.cache.Chunks;
import io.weft.agent.neighbour.seal.RequestSeal;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.environment.Environment;

/// What an agent shares with its neighbours: what it reads from them, and what it answers them.
/// Thread-safe.
public final class ZoneCache implements AutoCloseable {
  private final NeighbourFigures.Counts counts = new NeighbourFigures.Counts();
  private final Neighbours neighbours;
  private final NeighbourLink link;
  private final NeighbourDesk desk;
  private final Chunks chunks;

  /// @param own this agent's own chunks
  /// @param link closed with this
  /// @param clusterId of the cluster whose files these are
  public ZoneCache(
      Chunks own,
      ZoneSight sight,
      FileWriters writers,
      NeighbourLink link,
      String clusterId,
      Environment environment,
      NeighbourSettings settings) {
    this.link = link;
    RequestSeal seal = new RequestSeal(sight.self(), sight.keys(), environment.clock());
    neighbours = new Neighbours(sight, seal, link, clusterId, environment, settings);
    desk = new NeighbourDesk(own, seal, environment, settings, counts);
    NearPieces near =
        new NearPieces(environment.clock(), settings.nearMs(), settings.nearBytesMax());
    chunks =
        new ZoneChunks(
            own,
            neighbours,
            new FileWriterTable(writers, environment),
            near,
            new NeighbourAnswers(own, near, counts, environment, settings),
            environment,
            settings);
  }

  /// For this agent's readers.
  public Chunks chunks() {
    return chunks;
  }

  /// For its neighbours.
  public NeighbourDesk desk() {
    return desk;
  }

  public NeighbourFigures figures() {
    return counts.read(neighbours.members());
  }

  @Override
  public void close() {
    link.close();
  }
}
