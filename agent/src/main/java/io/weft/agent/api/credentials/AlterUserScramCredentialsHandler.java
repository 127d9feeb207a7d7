package io.weft.agent.api.credentials;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.admin.ScramCredentials.Credential;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterUserScramCredentialsRequest;
import org.apache.kafka.common.requests.AlterUserScramCredentialsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/// AlterUserScramCredentials (KIP-554): a user's credentials are changed at most once per request.
/// Thread-safe.
final class AlterUserScramCredentialsHandler implements ApiHandler {
  private static final long RETRY_MS_MAX = 30_000;

  /// More would make logging in a way to keep an agent busy; the limit is Kafka's.
  private static final int ITERATIONS_MAX = 16_384;

  private final ScramCredentials credentials;
  private final ControlPlaneCalls calls;

  AlterUserScramCredentialsHandler(ScramCredentials credentials, ControlPlaneCalls calls) {
    this.credentials = credentials;
    this.calls = calls;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_USER_SCRAM_CREDENTIALS;
  }

  /// What is to be done for one user.
  private interface Change {
    ApiError make() throws InterruptedException;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    AlterUserScramCredentialsRequestData data =
        ((AlterUserScramCredentialsRequest) request.body()).data();
    Map<String, Change> byUser = new LinkedHashMap<>();
    for (ScramCredentialDeletion deletion : data.deletions()) {
      add(byUser, deletion.name(), () -> deleted(deletion));
    }
    for (ScramCredentialUpsertion upsertion : data.upsertions()) {
      add(byUser, upsertion.name(), () -> put(upsertion));
    }
    AlterUserScramCredentialsResponseData answer = new AlterUserScramCredentialsResponseData();
    for (Map.Entry<String, Change> one : byUser.entrySet()) {
      ApiError error = one.getValue().make();
      answer
          .results()
          .add(
              new AlterUserScramCredentialsResult()
                  .setUser(one.getKey())
                  .setErrorCode(error.error().code())
                  .setErrorMessage(error.message()));
    }
    return new Answer.Ready(new AlterUserScramCredentialsResponse(answer));
  }

  private static void add(Map<String, Change> byUser, String user, Change change) {
    byUser.merge(
        user,
        change,
        (_, _) ->
            () ->
                new ApiError(
                    Errors.DUPLICATE_RESOURCE,
                    "A user credential cannot be altered twice in the same request"));
  }

  private ApiError deleted(ScramCredentialDeletion deletion) throws InterruptedException {
    Optional<ApiError> flaw = flaw(deletion.name(), deletion.mechanism());
    if (flaw.isPresent()) {
      return flaw.get();
    }
    Mechanism mechanism = Mechanisms.of(deletion.mechanism()).orElseThrow();
    return calls.withRetries(RETRY_MS_MAX, () -> credentials.remove(deletion.name(), mechanism))
        ? ApiError.NONE
        : new ApiError(
            Errors.RESOURCE_NOT_FOUND, "Attempt to delete a user credential that does not exist");
  }

  private ApiError put(ScramCredentialUpsertion upsertion) throws InterruptedException {
    Optional<ApiError> flaw = flaw(upsertion.name(), upsertion.mechanism());
    if (flaw.isPresent()) {
      return flaw.get();
    }
    Mechanism mechanism = Mechanisms.of(upsertion.mechanism()).orElseThrow();
    ScramMechanism kafkas = kafkas(mechanism);
    if (upsertion.iterations() < kafkas.minIterations()) {
      return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Too few iterations");
    }
    if (upsertion.iterations() > ITERATIONS_MAX) {
      return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Too many iterations");
    }
    if (upsertion.saltedPassword().length == 0) {
      return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "The salted password is empty");
    }
    Credential credential = credential(upsertion, kafkas);
    return switch (calls.withRetries(
        RETRY_MS_MAX, () -> credentials.put(upsertion.name(), mechanism, credential))) {
      case PUT -> ApiError.NONE;
      case LIMIT_REACHED ->
          new ApiError(Errors.POLICY_VIOLATION, "There are as many users as there may be.");
    };
  }

  private static Optional<ApiError> flaw(String user, byte mechanism) {
    if (user.isEmpty()) {
      return Optional.of(
          new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Username must not be empty"));
    }
    return Mechanisms.of(mechanism).isEmpty()
        ? Optional.of(new ApiError(Errors.UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism"))
        : Optional.empty();
  }

  /// The keys of RFC 5802 §3, from which nobody gets back to the password.
  private static Credential credential(
      ScramCredentialUpsertion upsertion, ScramMechanism mechanism) {
    try {
      ScramFormatter formatter = new ScramFormatter(mechanism);
      byte[] salted = upsertion.saltedPassword();
      return new Credential(
          upsertion.iterations(),
          upsertion.salt(),
          formatter.storedKey(formatter.clientKey(salted)),
          formatter.serverKey(salted));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("no " + mechanism.mechanismName() + " in this JVM", e);
    }
  }

  private static ScramMechanism kafkas(Mechanism mechanism) {
    return switch (mechanism) {
      case SHA_256 -> ScramMechanism.SCRAM_SHA_256;
      case SHA_512 -> ScramMechanism.SCRAM_SHA_512;
    };
  }
}
