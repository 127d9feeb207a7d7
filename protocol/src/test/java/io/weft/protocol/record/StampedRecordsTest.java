package io.weft.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.SendBuilder;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ResponseHeader;
import org.junit.jupiter.api.Test;

class StampedRecordsTest {
  private static ByteBuffer batch(Compression compression, String... values) {
    SimpleRecord[] records = new SimpleRecord[values.length];
    for (int i = 0; i < values.length; i++) {
      records[i] = new SimpleRecord(1_000 + i, values[i].getBytes(StandardCharsets.UTF_8));
    }
    return MemoryRecords.withRecords(compression, records).buffer();
  }

  /// The batch in pieces of a few bytes, as chunk boundaries may cut it.
  private static BatchView inPieces(ByteBuffer batch, int pieceBytes) {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int at = 0; at < batch.remaining(); at += pieceBytes) {
      pieces.add(batch.slice(at, Math.min(pieceBytes, batch.remaining() - at)));
    }
    return BatchView.at(GatheredBytes.of(pieces), 0).orElseThrow();
  }

  private static MutableRecordBatch parsed(StampedRecords records) {
    Iterator<MutableRecordBatch> batches =
        MemoryRecords.readableRecords(records.copied()).batches().iterator();
    MutableRecordBatch first = batches.next();
    assertThat(batches.hasNext()).isFalse();
    return first;
  }

  @Test
  void aBatchGetsItsOffsetAndKeepsItsRecords() {
    BatchView view = inPieces(batch(Compression.NONE, "a", "b", "c"), 7);
    MutableRecordBatch stamped =
        parsed(new StampedRecords.Builder().add(view, 5_000_000_000L).build());
    stamped.ensureValid();
    assertThat(stamped.baseOffset()).isEqualTo(5_000_000_000L);
    assertThat(stamped.lastOffset()).isEqualTo(5_000_000_002L);
    assertThat(stamped.partitionLeaderEpoch()).isEqualTo(StampedRecords.LEADER_EPOCH);
    assertThat(stamped).extracting(Record::timestamp).containsExactly(1_000L, 1_001L, 1_002L);
  }

  @Test
  void theStoredBytesAreNotTouched() {
    ByteBuffer stored = batch(Compression.gzip().build(), "a", "b");
    ByteBuffer before = ByteBuffer.allocate(stored.remaining()).put(stored.duplicate()).flip();
    BatchView view = inPieces(stored, 1_000);
    new StampedRecords.Builder().add(view, 9).addTimed(view, 11, 77).build().copied();
    assertThat(stored).isEqualTo(before);
  }

  @Test
  void logAppendTimeIsTheTimeOfAllRecordsUnderAGoodCrc() {
    for (Compression compression : List.of(Compression.NONE, Compression.zstd().build())) {
      BatchView view = inPieces(batch(compression, "a", "b"), 10);
      MutableRecordBatch stamped =
          parsed(new StampedRecords.Builder().addTimed(view, 40, 1_700_000_000_123L).build());
      stamped.ensureValid();
      assertThat(stamped.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
      assertThat(stamped.maxTimestamp()).isEqualTo(1_700_000_000_123L);
      assertThat(stamped)
          .extracting(Record::timestamp)
          .containsExactly(1_700_000_000_123L, 1_700_000_000_123L);
    }
  }

  @Test
  void everyFlippedBitUnderTheCrcIsSeen() {
    ByteBuffer stored = batch(Compression.NONE, "some value");
    for (int at = BatchHeader.CRC; at < stored.remaining(); at++) {
      byte[] damaged = new byte[stored.remaining()];
      stored.duplicate().get(damaged);
      damaged[at] ^= 0x10;
      GatheredBytes bytes = GatheredBytes.of(ByteBuffer.wrap(damaged));
      assertThatThrownBy(() -> BatchView.at(bytes, 0).orElseThrow().verifyCrc())
          .isInstanceOf(CorruptBatchException.class);
    }
  }

  /// Byte for byte as Kafka's log cleaner leaves one.
  @Test
  void aBatchWithoutRecordsIsKafkas() {
    ByteBuffer kafkas = ByteBuffer.allocate(BatchHeader.BYTES);
    DefaultRecordBatch.writeEmptyHeader(
        kafkas,
        RecordBatch.MAGIC_VALUE_V2,
        RecordBatch.NO_PRODUCER_ID,
        RecordBatch.NO_PRODUCER_EPOCH,
        RecordBatch.NO_SEQUENCE,
        1L << 40,
        1L << 40,
        StampedRecords.LEADER_EPOCH,
        TimestampType.CREATE_TIME,
        RecordBatch.NO_TIMESTAMP,
        false,
        false);
    StampedRecords made = new StampedRecords.Builder().addEmpty(1L << 40).build();

    assertThat(made.copied().array()).isEqualTo(kafkas.array());
    assertThat(made.end()).isEqualTo((1L << 40) + 1);
    MutableRecordBatch read = parsed(made);
    read.ensureValid();
    assertThat(read.nextOffset()).isEqualTo((1L << 40) + 1);
    assertThat(read).isEmpty();
  }

  @Test
  void anOwnOffsetThatIsDamagedIsSeen() {
    ByteBuffer stored = batch(Compression.NONE, "some value");
    BatchView.stampOwnOffset(stored, 0, 1L << 40);
    BatchView whole = BatchView.at(GatheredBytes.of(stored), 0).orElseThrow();
    whole.verifyCrc();
    whole.verifyOwnOffset();
    assertThat(whole.ownOffset()).isEqualTo(1L << 40);
    for (int at = 0; at < BatchHeader.LENGTH; at++) {
      byte[] damaged = new byte[stored.remaining()];
      stored.duplicate().get(damaged);
      damaged[at] ^= 0x10;
      BatchView view = BatchView.at(GatheredBytes.of(ByteBuffer.wrap(damaged)), 0).orElseThrow();
      view.verifyCrc();
      assertThatThrownBy(view::verifyOwnOffset).isInstanceOf(CorruptBatchException.class);
    }
    assertThatThrownBy(inPieces(batch(Compression.NONE, "none"), 7)::verifyOwnOffset)
        .isInstanceOf(CorruptBatchException.class);
  }

  @Test
  void aResponseGoesOutWholeThroughAChannelThatTakesLittle() throws IOException {
    StampedRecords.Builder records = new StampedRecords.Builder();
    long offset = 100;
    for (int i = 0; i < 400; i++) {
      BatchView view = inPieces(batch(Compression.NONE, "value " + i), 50);
      records.add(view, offset);
      offset += view.offsets();
    }
    StampedRecords built = records.build();
    LinkedHashMap<TopicIdPartition, PartitionData> partitions = new LinkedHashMap<>();
    partitions.put(
        new TopicIdPartition(new Uuid(1, 2), new TopicPartition("t", 0)),
        new PartitionData().setPartitionIndex(0).setHighWatermark(offset).setRecords(built));
    FetchResponse response = FetchResponse.of(Errors.NONE, 0, 0, partitions, List.of());
    Send send =
        SendBuilder.buildResponseSend(
            new ResponseHeader(1, (short) 1), response.data(), (short) 16);

    TricklingChannel channel = new TricklingChannel(send.size());
    while (!send.completed()) {
      send.writeTo(channel);
    }

    ByteBuffer sent = channel.taken.flip();
    sent.getInt();
    ResponseHeader.parse(sent, (short) 1);
    FetchResponse read = FetchResponse.parse(new ByteBufferAccessor(sent), (short) 16);
    PartitionData partition = read.data().responses().getFirst().partitions().getFirst();
    assertThat(((MemoryRecords) partition.records()).buffer()).isEqualTo(built.copied());
    assertThat(sent.hasRemaining()).isFalse();
  }

  @Test
  void recordsCanBeSentTwice() throws IOException {
    StampedRecords records =
        new StampedRecords.Builder().add(inPieces(batch(Compression.NONE, "a"), 20), 0).build();
    for (int i = 0; i < 2; i++) {
      TricklingChannel channel = new TricklingChannel(records.sizeInBytes());
      StampedSend send = records.toSend();
      while (!send.completed()) {
        send.writeTo(channel);
      }
      assertThat(channel.taken.flip()).isEqualTo(records.copied());
    }
  }

  /// Takes up to 37 bytes per write, and now and then none.
  private static final class TricklingChannel implements TransferableChannel {
    private final ByteBuffer taken;
    private int calls;

    TricklingChannel(long bytes) {
      this.taken = ByteBuffer.allocate((int) bytes);
    }

    @Override
    public int write(ByteBuffer source) {
      calls++;
      int room = calls % 5 == 0 ? 0 : Math.min(37, source.remaining());
      taken.put(source.slice(source.position(), room));
      source.position(source.position() + room);
      return room;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        if (sources[i].hasRemaining()) {
          return write(sources[i]);
        }
      }
      return 0;
    }

    @Override
    public long write(ByteBuffer[] sources) {
      return write(sources, 0, sources.length);
    }

    @Override
    public boolean hasPendingWrites() {
      return false;
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
