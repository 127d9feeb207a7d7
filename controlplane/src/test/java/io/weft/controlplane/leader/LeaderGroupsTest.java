package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.groups.GroupAsks;
import io.weft.model.AgentId;
import io.weft.model.OpaqueBytes;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/// Groups in a leader's turns: what they survive, and what they must not.
final class LeaderGroupsTest {
  private static final long SEED = 47;
  private static final int SESSION_MS = 10_000;

  /// What a client sees of a leader that is alone, in a cluster with topic `t`.
  private interface Scene {
    void play(SimulatedWorld world, Seats.Seat seat, GroupAsks client) throws InterruptedException;
  }

  private static void withOneLeader(Scene scene) {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          Seats.create(seat.port(), "t");
          scene.play(world, seat, new GroupAsks(seat.port(), "c"));
        });
  }

  @Test
  void aMemberJoinsAndCommits() {
    withOneLeader(
        (_, _, client) -> {
          JoinGroupResponseData joined = client.joinNew("g", SESSION_MS);
          assertThat(joined.errorCode()).isZero();
          assertThat(joined.leader()).isEqualTo(joined.memberId());
          assertThat(client.sync("g", joined, joined.memberId(), "all of it").assignment())
              .isEqualTo(GroupAsks.bytes("all of it"));
          assertThat(client.heartbeat("g", joined)).isZero();
          assertThat(client.committed("g", "t", 0, true)).isEqualTo(-1);
          assertThat(client.commit("g2", "t", 0, 17)).isZero();
          assertThat(client.committed("g2", "t", 0, true)).isEqualTo(17);
          assertThat(client.committed("g2", "t", 0, false)).isEqualTo(17);
          assertThat(client.commit("g2", "t", 99, 17))
              .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
          assertThat(client.commit("g2", "u", 0, 17))
              .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        });
  }

  @Test
  void anAssignmentOfTheServersArrives() {
    withOneLeader(
        (world, _, client) -> {
          assertThat(client.beat("g", "m", 0, "t").errorCode()).isZero();
          world.sleepMs(2_000);
          var beaten = client.beat("g", "m", 0, "t");
          assertThat(beaten.errorMessage()).isNull();
          assertThat(beaten.assignment().topicPartitions().getFirst().partitions())
              .containsExactlyInAnyOrder(0, 1);
        });
  }

  @Test
  void aRegexIsMatchedBesideTheLeader() {
    withOneLeader(
        (world, _, client) -> {
          assertThat(client.beatRegex("g", "m", "t.*").errorCode()).isZero();
          world.sleepMs(2_000);
          var beaten = client.beatRegex("g", "m", "t.*");
          assertThat(beaten.assignment().topicPartitions().getFirst().partitions())
              .containsExactlyInAnyOrder(0, 1);
        });
  }

  @Test
  void aRegexThatTheLeaderCouldNotMatchIsRefused() {
    withOneLeader(
        (_, _, client) -> {
          var beaten = client.beatRegex("g", "m", "(.?){1000}(.?){1000}(.?){1000}(.?){1000}b");
          assertThat(Errors.forCode(beaten.errorCode()))
              .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
          assertThat(beaten.errorMessage()).contains("1000 parts");
          assertThat(client.commit("g", "t", 0, 1)).isZero();
        });
  }

  @Test
  void offsetsAndAssignmentsSurviveAFailOver() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.create(first.port(), "t");
          GroupAsks before = new GroupAsks(first.port(), "c");
          JoinGroupResponseData joined = before.joinNew("g", SESSION_MS);
          before.sync("g", joined, joined.memberId(), "mine");
          assertThat(before.commit("g2", "t", 1, 5)).isZero();
          Seats.Seat second = seats.open("two");
          first.link().shutGate();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          GroupAsks after = new GroupAsks(second.port(), "c");
          assertThat(after.committed("g2", "t", 1, true)).isEqualTo(5);
          // A full session from here on, whatever the first leader had counted.
          world.sleepMs(SESSION_MS - 1_000);
          assertThat(after.heartbeat("g", joined)).isZero();
          assertThat(after.sync("g", joined).assignment()).isEqualTo(GroupAsks.bytes("mine"));
          world.sleepMs(SESSION_MS + 2_000);
          assertThat(after.heartbeat("g", joined)).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        });
  }

  @Test
  void aHeartbeatThatChangesNothingIsNoEntry() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          GroupAsks client = new GroupAsks(seat.port(), "c");
          JoinGroupResponseData joined = client.joinNew("g", SESSION_MS);
          client.sync("g", joined, joined.memberId(), "mine");
          int entries = seats.entries();
          for (int i = 0; i < 1_000; i++) {
            assertThat(client.heartbeat("g", joined)).isZero();
          }
          assertThat(seats.entries()).isEqualTo(entries);
        });
  }

  @Test
  void aMemberThatWaitsIsToldWhenTheLeaderIsDeposed() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.Seat second = seats.open("two");
          GroupAsks client = new GroupAsks(first.port(), "c");
          JoinGroupResponseData joined = client.joinNew("g", SESSION_MS);
          client.sync("g", joined, joined.memberId(), "mine");
          List<Object> answers = new ArrayList<>();
          // The first member does not join again, so that this one waits.
          Thread waiting =
              world.start(
                  "joins",
                  () -> {
                    try {
                      answers.add(client.joinNew("g", SESSION_MS));
                    } catch (ControlPlaneException.Unavailable e) {
                      answers.add(e);
                    }
                  });
          world.sleepMs(1_000);
          first.link().shutGate();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          first.link().openGate();
          waiting.join();
          assertThat(answers).hasSize(1);
          assertThat(answers.getFirst()).isInstanceOf(ControlPlaneException.Unavailable.class);
        });
  }

  @Test
  void whatIsNoRequestOfGroupsIsRejected() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats.Seat seat = new Seats(world).leading("one");
          for (short api : new short[] {3, 9, 11, 12, 999, -1}) {
            GroupRequest request =
                new GroupRequest(
                    api,
                    (short) 3,
                    new GroupRequest.Client("", "127.0.0.1", "User:A"),
                    1_000,
                    OpaqueBytes.of(new byte[] {1, 2, 3}));
            assertThatThrownBy(() -> seat.port().as(Groups.class).coordinate(request))
                .isInstanceOf(ControlPlaneException.Rejected.class);
          }
          assertThat(Seats.hasTopic(seat.port(), "t")).isFalse();
        });
  }

  @Test
  void offsetsGoWithTheirTopic() {
    withOneLeader(
        (_, seat, client) -> {
          assertThat(client.commit("g", "t", 0, 17)).isZero();
          seat.port().as(TopicCatalog.class).delete(Seats.topic("t", 2).id());
          assertThat(client.committed("g", "t", 0, true)).isEqualTo(-1);
          assertThat(client.commit("g", "t", 0, 17))
              .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        });
  }

  @Test
  void stagedOffsetsEndWithTheirTransaction() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).snapshotEvery(3);
          Seats.Seat first = seats.leading("one");
          Seats.create(first.port(), "t");
          GroupAsks before = new GroupAsks(first.port(), "c");
          assertThat(before.commit("g", "t", 0, 5)).isZero();
          assertThat(before.commit("g", "t", 1, 6)).isZero();
          ProducerEpoch committing = producer(first, "commits");
          ProducerEpoch aborting = producer(first, "aborts");
          assertThat(before.stage("commits", committing, "g", "t", 0, 50)).isZero();
          assertThat(before.stage("aborts", aborting, "g", "t", 1, 60)).isZero();
          assertThat(before.committed("g", "t", 0, true))
              .isEqualTo(-1_000 - Errors.UNSTABLE_OFFSET_COMMIT.code());
          assertThat(before.committed("g", "t", 0, false)).isEqualTo(5);
          world.sleepMs(1_000);
          Seats.Seat second = seats.open("two");
          first.link().shutGate();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          GroupAsks after = new GroupAsks(second.port(), "c");
          assertThat(after.committed("g", "t", 1, true))
              .isEqualTo(-1_000 - Errors.UNSTABLE_OFFSET_COMMIT.code());
          end(second, "commits", committing, true);
          end(second, "aborts", aborting, false);
          assertThat(after.committed("g", "t", 0, true)).isEqualTo(50);
          assertThat(after.committed("g", "t", 1, true)).isEqualTo(6);
          assertThat(after.stage("unknown", aborting, "g", "t", 1, 60))
              .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING.code());
        });
  }

  private static ProducerEpoch producer(Seats.Seat seat, String id) {
    return done(seat, new TransactionStep.Initialize(caller(id), 60_000, Optional.empty()));
  }

  private static void end(Seats.Seat seat, String id, ProducerEpoch producer, boolean commit) {
    done(seat, new TransactionStep.End(caller(id), producer, commit, true));
  }

  private static TransactionStep.Caller caller(String id) {
    return new TransactionStep.Caller(id, new AgentId(1), 1);
  }

  private static ProducerEpoch done(Seats.Seat seat, TransactionStep step) {
    Outcome outcome = seat.port().as(Transactions.class).take(step);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).producer();
  }

  @Test
  void offsetsOfAnEmptyGroupExpire() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats =
              new Seats(world)
                  .sole()
                  .groups(
                      Map.of(
                          "offsets.retention.minutes",
                          "1",
                          "offsets.retention.check.interval.ms",
                          "10000"));
          Seats.Seat seat = seats.leading("one");
          Seats.create(seat.port(), "t");
          GroupAsks client = new GroupAsks(seat.port(), "c");
          assertThat(client.commit("g", "t", 0, 5)).isZero();
          world.sleepMs(45_000);
          assertThat(client.committed("g", "t", 0, true)).isEqualTo(5);
          world.sleepMs(30_000);
          assertThat(client.committed("g", "t", 0, true)).isEqualTo(-1);
        });
  }

  /// The store hangs for longer than a session: members could not be heard, and stay.
  @Test
  void aStoreThatHangsExpiresNobody() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).sole();
          Seats.Seat seat = seats.leading("one");
          GroupAsks client = new GroupAsks(seat.port(), "c");
          JoinGroupResponseData joined = client.joinNew("g", SESSION_MS);
          client.sync("g", joined, joined.memberId(), "mine");
          seat.link().shutGate();
          Thread held = world.start("held", () -> Seats.create(seat.port(), "u"));
          world.sleepMs(SESSION_MS * 2);
          seat.link().openGate();
          held.join();
          world.sleepMs(SESSION_MS / 2);
          assertThat(client.heartbeat("g", joined)).isZero();
        });
  }
}
