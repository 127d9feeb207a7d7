package io.weft.server.clients;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Serializer;

/// Kafka's producer, of which no call waits for ever.
///
/// Kafka's own does: while it has no producer id yet, and while it aborts a transaction as it
/// closes, it asks again and again, whatever `delivery.timeout.ms` says. With a broker that is gone
/// or stands still, `flush()`, `close()` and a sent record's `get()` then never return.
///
/// A closing that is cut short may take `request.timeout.ms` more.
public final class BoundedProducer<K, V> extends KafkaProducer<K, V> {
  private final Duration limit;

  public BoundedProducer(
      Map<String, Object> settings, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
    this(settings, keySerializer, valueSerializer, Deadline.USUAL);
  }

  /// @param limit how long each call may wait
  BoundedProducer(
      Map<String, Object> settings,
      Serializer<K> keySerializer,
      Serializer<V> valueSerializer,
      Duration limit) {
    super(settings, keySerializer, valueSerializer);
    this.limit = limit;
  }

  /// Its `get()` throws an AssertionError if there is no answer in time.
  @Override
  public Future<RecordMetadata> send(ProducerRecord<K, V> record, Callback callback) {
    return new Answer(super.send(record, callback), limit);
  }

  /// @throws AssertionError if not all has been answered in time
  @Override
  public void flush() {
    Thread flushing = Thread.ofVirtual().name("flush").start(super::flush);
    try {
      if (!flushing.join(limit)) {
        throw new AssertionError("what a producer sent was not answered within " + limit);
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } finally {
      if (flushing.isAlive()) {
        // Fails what is not answered, so that the thread ends too.
        super.close(Duration.ZERO);
      }
    }
  }

  /// @throws AssertionError if what is under way does not end in time
  @Override
  public void close() {
    long begunNanos = System.nanoTime();
    super.close(limit);
    if (System.nanoTime() - begunNanos >= limit.toNanos()) {
      throw new AssertionError("a producer could not be closed within " + limit);
    }
  }

  /// What becomes of a record.
  record Answer(Future<RecordMetadata> owed, Duration limit) implements Future<RecordMetadata> {
    @Override
    public RecordMetadata get() throws InterruptedException, ExecutionException {
      try {
        return owed.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError("a record that was sent was not answered within " + limit, e);
      }
    }

    @Override
    public RecordMetadata get(long timeout, TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException {
      return owed.get(timeout, unit);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return owed.cancel(mayInterruptIfRunning);
    }

    @Override
    public boolean isCancelled() {
      return owed.isCancelled();
    }

    @Override
    public boolean isDone() {
      return owed.isDone();
    }
  }
}
