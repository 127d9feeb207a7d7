package io.weft.agent.neighbour.seal;

import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.environment.Clock;
import io.weft.model.AgentId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs what this agent asks of others, and checks what others ask of it, with the keys that the
/// control plane gives to agents. Thread-safe.
///
/// ```
/// sealed => version:1 key:4 asker:4 signedMs:8 mac:32 request
/// mac    => HMAC-SHA256(the key's secret, purpose asked:4 version:1 key:4 asker:4 signedMs:8 request)
/// ```
///
/// So a request is of no use at another agent, nor with other ranges, nor [#AGE_MS_MAX] later. The
/// same request sent again meanwhile brings the same bytes of the same files.
public final class RequestSeal {
  static final byte VERSION = 1;

  /// How far the clocks of two agents may be apart, and how long a request is taken.
  static final long AGE_MS_MAX = 300_000;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 32;
  private static final int HEAD_BYTES = 1 + 2 * Integer.BYTES + Long.BYTES;

  /// What is signed with these keys for anything else begins with other bytes.
  private static final byte[] PURPOSE = "weft.neighbour.read".getBytes(StandardCharsets.US_ASCII);

  /// What a seal adds to a request.
  public static final int SEAL_BYTES = HEAD_BYTES + MAC_BYTES;

  private final Supplier<Optional<AgentId>> self;
  private final Supplier<List<NeighbourKey>> keys;
  private final Clock clock;

  /// @param self under which id this agent is registered now
  /// @param keys that it has now, the oldest first
  public RequestSeal(
      Supplier<Optional<AgentId>> self, Supplier<List<NeighbourKey>> keys, Clock clock) {
    this.self = self;
    this.keys = keys;
    this.clock = clock;
  }

  /// @param asked the agent that the request is for
  /// @return empty if this agent is not registered, or has no key
  public Optional<byte[]> seal(AgentId asked, byte[] request) {
    Optional<AgentId> asker = self.get();
    List<NeighbourKey> known = keys.get();
    if (asker.isEmpty() || known.isEmpty()) {
      return Optional.empty();
    }
    // An agent that has not heard of the newest key yet is to understand this one.
    NeighbourKey key = known.get(Math.max(0, known.size() - 2));
    byte[] sealed = new byte[SEAL_BYTES + request.length];
    ByteBuffer out =
        ByteBuffer.wrap(sealed)
            .put(VERSION)
            .putInt(key.number())
            .putInt(asker.get().value())
            .putLong(clock.wallMs());
    byte[] mac = mac(key, asked, Arrays.copyOf(sealed, HEAD_BYTES), request);
    out.put(mac).put(request);
    return Optional.of(sealed);
  }

  /// @return the request, which a registered agent has made of this one lately
  public byte[] open(byte[] sealed) throws RefusedException {
    if (sealed.length < SEAL_BYTES || sealed[0] != VERSION) {
      throw new RefusedException("a request without a signature of version " + VERSION);
    }
    ByteBuffer in = ByteBuffer.wrap(sealed, 1, HEAD_BYTES - 1);
    int number = in.getInt();
    int asker = in.getInt();
    long signedMs = in.getLong();
    AgentId own =
        self.get().orElseThrow(() -> new RefusedException("this agent is not registered"));
    NeighbourKey key =
        keys.get().stream()
            .filter(each -> each.number() == number)
            .findFirst()
            .orElseThrow(() -> new RefusedException("key %d is not valid".formatted(number)));
    byte[] head = Arrays.copyOf(sealed, HEAD_BYTES);
    byte[] mac = Arrays.copyOfRange(sealed, HEAD_BYTES, SEAL_BYTES);
    byte[] request = Arrays.copyOfRange(sealed, SEAL_BYTES, sealed.length);
    if (!MessageDigest.isEqual(mac, mac(key, own, head, request))) {
      throw new RefusedException(
          "the signature is not of this request to agent %d".formatted(own.value()));
    }
    long agoMs = clock.wallMs() - signedMs;
    if (agoMs > AGE_MS_MAX || agoMs < -AGE_MS_MAX) {
      throw new RefusedException(
          "agent %d has signed %d ms ago by this agent's clock, at most %d either way are allowed"
              .formatted(asker, agoMs, AGE_MS_MAX));
    }
    return request;
  }

  private static byte[] mac(NeighbourKey key, AgentId asked, byte[] head, byte[] request) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.secret().array(), ALGORITHM));
      mac.update(PURPOSE);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(asked.value()).flip());
      mac.update(head);
      return mac.doFinal(request);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + ALGORITHM, impossible);
    }
  }
}
