package io.weft.controlplane.command;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.codec.shape.PartitionColumn;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.codec.span.ExtentsShape;
import io.weft.controlplane.codec.span.SpansShape;
import io.weft.model.AbortedRange;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Every question that there is, from the methods of the api's interfaces. Immutable.
public final class Questions {
  private static final List<Class<?>> ASKERS =
      List.of(
          Sequencer.class,
          FileLedger.class,
          FileWriters.class,
          Compactions.class,
          Cleanings.class,
          DeadFiles.class,
          Producers.class,
          ExtentIndex.class,
          TopicCatalog.class,
          DeletedTopics.class,
          Membership.class,
          Groups.class,
          Transactions.class,
          ShareGroups.class,
          ResourceSettings.class,
          ClientQuotas.class,
          ScramCredentials.class,
          Quorum.class,
          Releases.class);

  private static final Questions ALL = new Questions(ASKERS);

  private final Map<Method, QuestionType<?>> byMethod = new HashMap<>();
  private final TreeMap<Byte, QuestionType<?>> byKind = new TreeMap<>();

  /// @throws IllegalArgumentException if two questions have the same kind or name, or something of
  ///   one has no bytes, or no limit
  Questions(List<Class<?>> askers) {
    Shapes shapes = shapes();
    Set<String> names = new HashSet<>();
    for (Class<?> asker : askers) {
      for (Method method : asker.getMethods()) {
        if (Modifier.isAbstract(method.getModifiers())) {
          QuestionType<?> type = new QuestionType<>(method, shapes);
          if (byKind.put(type.kind(), type) != null || !names.add(type.name())) {
            throw new IllegalArgumentException(
                "another question has the kind %d or the name of %s"
                    .formatted(type.kind(), method));
          }
          byMethod.put(method, type);
        }
      }
    }
  }

  /// Made when the process first asks for it: when it opens its way to the control plane, or its
  /// seat.
  public static Questions all() {
    return ALL;
  }

  /// How values are written where they are no [Command] themselves.
  static Shapes shapes() {
    return Shapes.limited()
        .with(PartitionId.class, new PartitionColumn())
        .with(PartitionBounds.class, new BoundsShape())
        .with(UploadedBatches.class, new UploadedBatchesShape())
        .with(BatchOutcomes.class, new BatchOutcomesShape())
        .with(AcquiredRun.class, new RunShapes.Acquired())
        .with(AcknowledgedRun.class, new RunShapes.Acknowledged())
        .withLists(Span.class, SpansShape::new)
        .withLists(Extent.class, ExtentsShape::new)
        .withLists(AbortedRange.class, AbortedRangesShape::new);
  }

  /// By their kinds.
  public Collection<QuestionType<?>> list() {
    return Collections.unmodifiableCollection(byKind.values());
  }

  Optional<QuestionType<?>> ofKind(byte kind) {
    return Optional.ofNullable(byKind.get(kind));
  }

  Optional<QuestionType<?>> of(Method method) {
    return Optional.ofNullable(byMethod.get(method));
  }
}
