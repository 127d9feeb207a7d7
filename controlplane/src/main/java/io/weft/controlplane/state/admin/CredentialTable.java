package io.weft.controlplane.state.admin;

import static io.weft.controlplane.api.admin.ScramCredentials.KEY_BYTES_MAX;
import static io.weft.controlplane.api.admin.ScramCredentials.NAME_CHARS_IN_ALL_MAX;
import static io.weft.controlplane.api.admin.ScramCredentials.NAME_CHARS_MAX;
import static io.weft.controlplane.api.admin.ScramCredentials.USERS_MAX;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.admin.ScramCredentials.Credential;
import io.weft.controlplane.api.admin.ScramCredentials.Described;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Rows;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.admin.CredentialRecord.CredentialPut;
import io.weft.controlplane.state.admin.CredentialRecord.CredentialRemoved;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.Invariant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The SCRAM credentials of users. Owned by one thread.
public final class CredentialTable implements StatePart, ScramCredentials {
  /// As it stands in a snapshot, by mechanism.
  public record OfUser(String user, List<One> credentials) {}

  public record One(Mechanism mechanism, Credential credential) {}

  private static final Rows<OfUser> ROWS = Shapes.unlimited().rowsOf(OfUser.class);

  private final CurrentStep step;
  private final Map<String, Map<Mechanism, Credential>> byUser = new TreeMap<>();

  /// Of all users.
  private long nameChars;

  public CredentialTable(CurrentStep step) {
    this.step = step;
  }

  @Override
  public List<Described> describe(List<String> users) {
    List<Described> described = new ArrayList<>();
    for (String user : users.isEmpty() ? byUser.keySet() : new TreeSet<>(users)) {
      byUser
          .getOrDefault(user, new EnumMap<>(Mechanism.class))
          .forEach(
              (mechanism, credential) ->
                  described.add(new Described(user, mechanism, credential.iterations())));
    }
    return described;
  }

  @Override
  public Optional<Credential> find(String user, Mechanism mechanism) {
    Map<Mechanism, Credential> ofUser = byUser.get(user);
    return ofUser == null ? Optional.empty() : Optional.ofNullable(ofUser.get(mechanism));
  }

  @Override
  public PutOutcome put(String user, Mechanism mechanism, Credential credential) {
    if (!fits(user, credential)) {
      return PutOutcome.LIMIT_REACHED;
    }
    step.make(new CredentialPut(user, mechanism, credential));
    return PutOutcome.PUT;
  }

  @Override
  public boolean remove(String user, Mechanism mechanism) {
    if (find(user, mechanism).isEmpty()) {
      return false;
    }
    step.make(new CredentialRemoved(user, mechanism));
    return true;
  }

  private boolean fits(String user, Credential credential) {
    if (user.length() > NAME_CHARS_MAX
        || credential.salt().length > KEY_BYTES_MAX
        || credential.storedKey().length > KEY_BYTES_MAX
        || credential.serverKey().length > KEY_BYTES_MAX) {
      throw new ControlPlaneException.Rejected(
          "a user's name has at most %d characters, a salt at most %d bytes"
              .formatted(NAME_CHARS_MAX, KEY_BYTES_MAX));
    }
    return byUser.containsKey(user)
        || (byUser.size() < USERS_MAX && nameChars + user.length() <= NAME_CHARS_IN_ALL_MAX);
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch ((CredentialRecord) record) {
      case CredentialPut put -> keep(put.user(), put.mechanism(), put.credential());
      case CredentialRemoved removed -> replay(removed);
    }
  }

  private void replay(CredentialRemoved record) {
    Map<Mechanism, Credential> ofUser = byUser.get(record.user());
    Invariant.check(
        ofUser != null && ofUser.remove(record.mechanism()) != null,
        "a credential removed that is not there");
    if (ofUser.isEmpty()) {
      byUser.remove(record.user());
      nameChars -= record.user().length();
    }
  }

  @Override
  public void write(WireWriter out) {
    ROWS.write(byUser.entrySet(), each -> row(each.getKey(), each.getValue()), out);
  }

  private static OfUser row(String user, Map<Mechanism, Credential> credentials) {
    List<One> all = new ArrayList<>();
    credentials.forEach((mechanism, credential) -> all.add(new One(mechanism, credential)));
    return new OfUser(user, all);
  }

  @Override
  public void read(WireReader in) {
    ROWS.read(
        in,
        each -> each.credentials.forEach(one -> keep(each.user, one.mechanism, one.credential)));
  }

  private void keep(String user, Mechanism mechanism, Credential credential) {
    Map<Mechanism, Credential> ofUser = byUser.get(user);
    if (ofUser == null) {
      ofUser = new EnumMap<>(Mechanism.class);
      byUser.put(user, ofUser);
      nameChars += user.length();
    }
    ofUser.put(mechanism, credential);
    Invariant.check(byUser.size() <= USERS_MAX, "too many users with credentials");
  }
}
