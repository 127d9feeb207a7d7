package io.weft.controlplane.api.admin;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is needed to check SCRAM passwords (RFC 5802), and nothing that would give them away.
public interface ScramCredentials {
  /// Users with credentials, at most.
  int USERS_MAX = 100_000;

  /// Users one question may name, at most.
  int ASKED_USERS_MAX = 100_000;

  /// Characters of a user's name, at most.
  int NAME_CHARS_MAX = 1_024;

  /// Characters of all users' names, at most: [#describe] may give all of them at once.
  long NAME_CHARS_IN_ALL_MAX = 8L << 20;

  /// Bytes of a salt or a key, at most.
  int KEY_BYTES_MAX = 1_024;

  enum Mechanism {
    SHA_256,
    SHA_512
  }

  /// What there is of these users, by user and mechanism; all that there is if none is named.
  @Question(kind = 84, name = "DescribeCredentials")
  @AtMost(2 * USERS_MAX)
  List<Described> describe(@AtMost(ASKED_USERS_MAX) List<String> users);

  @Question(kind = 85, name = "FindCredential")
  Optional<Credential> find(String user, Mechanism mechanism);

  /// Sets a user's credential, in place of the one there may be.
  @Question(kind = 86, name = "PutCredential")
  PutOutcome put(String user, Mechanism mechanism, Credential credential);

  /// @return false if there was none
  @Question(kind = 87, name = "RemoveCredential")
  boolean remove(String user, Mechanism mechanism);

  enum PutOutcome {
    PUT,
    LIMIT_REACHED
  }

  /// A credential without its secrets.
  record Described(String user, Mechanism mechanism, int iterations) {}

  /// Never shown to clients, and never in a log: its text does not show the keys.
  record Credential(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Credential that
          && iterations == that.iterations
          && Arrays.equals(salt, that.salt)
          && Arrays.equals(storedKey, that.storedKey)
          && Arrays.equals(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
      return 31 * iterations + Arrays.hashCode(salt);
    }

    @Override
    public String toString() {
      return "Credential[iterations=" + iterations + "]";
    }
  }
}
