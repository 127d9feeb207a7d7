package io.weft.agent.produce;

import io.weft.agent.memory.ByteBudget;
import io.weft.controlplane.api.topic.TopicSetting;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import io.weft.protocol.record.VerifiedBatch;
import java.util.ArrayList;
import java.util.List;

/// Batches that go into one file, in this order: those of one request, as a rule.
///
/// @param load of all batches together; within [#LOAD_MAX]
/// @param connection they came by: unique among this agent's
/// @param share the request's share of the byte budget, and the memory of the batches, held by the
///   caller during the call; code that keeps the batches for longer retains it
public record ProduceAppend(
    List<Batch> batches, Load load, long connection, ByteBudget.Share share) {
  /// The most one append may have, so that it fits a file whatever came before it. A larger request
  /// becomes several appends.
  public static final Load LOAD_MAX =
      new Load(TopicSetting.MESSAGE_BYTES_MAX, 20_000, Integer.MAX_VALUE / 4);

  public ProduceAppend {
    Invariant.check(!batches.isEmpty() && load.fits(LOAD_MAX), "an append of an impossible size");
  }

  /// A batch and where it wants to go.
  ///
  /// @param addsItself whether a transactional batch makes its partition part of its transaction
  /// @param transactionalId the fingerprint of the one it was sent under, if any
  public record Batch(
      PartitionId partition, VerifiedBatch batch, boolean addsItself, long transactionalId) {
    Load load() {
      return new Load(batch.sizeInBytes(), 1, batch.records());
    }
  }

  /// How much there is of something.
  public record Load(long bytes, int batches, long records) {
    static final Load NONE = new Load(0, 0, 0);

    Load plus(Load more) {
      return new Load(bytes + more.bytes, batches + more.batches, records + more.records);
    }

    boolean fits(Load limit) {
      return bytes <= limit.bytes && batches <= limit.batches && records <= limit.records;
    }
  }

  /// As few appends as hold these batches, in their order.
  ///
  /// @param batches at least one; each fits [#LOAD_MAX] alone
  public static List<ProduceAppend> of(
      List<Batch> batches, long connection, ByteBudget.Share share) {
    List<ProduceAppend> appends = new ArrayList<>(1);
    int first = 0;
    Load load = Load.NONE;
    for (int i = 0; i < batches.size(); i++) {
      Load more = batches.get(i).load();
      if (i > first && !load.plus(more).fits(LOAD_MAX)) {
        appends.add(
            new ProduceAppend(List.copyOf(batches.subList(first, i)), load, connection, share));
        first = i;
        load = Load.NONE;
      }
      load = load.plus(more);
    }
    appends.add(
        new ProduceAppend(
            List.copyOf(batches.subList(first, batches.size())), load, connection, share));
    return appends;
  }
}
