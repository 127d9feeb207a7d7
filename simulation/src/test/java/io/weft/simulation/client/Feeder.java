package io.weft.simulation.client;

import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Weather;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/// Sends new values in transactions, most of which are committed. One instance's job.
public final class Feeder implements TransactionalId.Job {
  private static final int BATCHES_MAX = 4;
  private static final int RECORDS_MAX = 3;

  private final Cluster cluster;
  private final Notes notes;
  private final List<TopicPartition> partitions;
  private final int pauseMsMax;

  Feeder(Cluster cluster, Notes notes, List<TopicPartition> partitions, int pauseMsMax) {
    this.cluster = cluster;
    this.notes = notes;
    this.partitions = partitions;
    this.pauseMsMax = pauseMsMax;
  }

  public static TransactionalId start(
      Cluster cluster, Notes notes, List<TopicPartition> partitions, int pauseMsMax) {
    return TransactionalId.start(
        cluster,
        notes,
        "feeder-" + notes.process(),
        () -> new Feeder(cluster, notes, partitions, pauseMsMax));
  }

  @Override
  public void play(TransactionalProducer producer, TransactionalId.Hanging hanging)
      throws InterruptedException {
    Weather weather = cluster.weather();
    producer.begin();
    boolean goesOn = true;
    for (int i = weather.upTo(BATCHES_MAX - 1); i >= 0 && goesOn; i--) {
      List<Long> values = new ArrayList<>();
      for (int j = weather.upTo(RECORDS_MAX - 1); j >= 0; j--) {
        values.add(notes.value());
      }
      goesOn = producer.send(partitions.get(weather.upTo(partitions.size() - 1)), values);
      hanging.perhaps();
    }
    if (!producer.isFenced()) {
      producer.end(goesOn && !weather.oneIn(5));
    }
    cluster.world().sleepMs(1 + weather.upTo(pauseMsMax));
  }

  @Override
  public void leave(boolean orderly) {}
}
