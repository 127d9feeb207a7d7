package io.weft.controlplane.command;

import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.AgentLevel;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.controlplane.api.file.FileWriters.WriterLease;
import io.weft.model.AgentId;
import java.util.List;

/// The questions that there are from the second level on.
final class ReleaseGoldens {
  private ReleaseGoldens() {}

  /// In the order of their kinds.
  static List<Asked<?>> asked() {
    return List.of(
        new Asked<>(
            Command.of(Releases.class, it -> it.greet(new Greeting("1.1.0", 2))),
            new Greeting("1.2.0", 3)),
        new Asked<>(
            Command.of(Releases.class, Releases::describe),
            new Releases.Status(
                1,
                2,
                List.of(new AgentLevel(new AgentId(3), 2), new AgentLevel(new AgentId(4), 0)))),
        new Asked<>(
            Command.of(
                Releases.class,
                it -> {
                  it.finish(2);
                  return true;
                }),
            true),
        new Asked<>(
            Command.of(FileWriters.class, it -> it.writersFrom(1_000)),
            List.of(new WriterLease(900, 200, new AgentId(3)))),
        new Asked<>(
            Command.of(DeadFiles.class, it -> it.take(new AgentId(3), 1_000, 1_700_000_000_000L)),
            List.of(900L, 901L, 1L << 40)),
        new Asked<>(
            Command.of(
                DeadFiles.class,
                it -> {
                  it.deleted(new AgentId(3), List.of(900L, 901L));
                  return true;
                }),
            true));
  }
}
