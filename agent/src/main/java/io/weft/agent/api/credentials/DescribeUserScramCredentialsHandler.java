package io.weft.agent.api.credentials;

import io.weft.agent.api.AnswerRows;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.admin.ScramCredentials.Described;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.CredentialInfo;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsRequest;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;

/// DescribeUserScramCredentials (KIP-554): mechanisms and iterations, no keys. Thread-safe.
final class DescribeUserScramCredentialsHandler implements ApiHandler {
  /// What one user takes, roughly.
  private static final int USER_BYTES = 512;

  private final ScramCredentials credentials;

  DescribeUserScramCredentialsHandler(ScramCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    DescribeUserScramCredentialsRequestData data =
        ((DescribeUserScramCredentialsRequest) request.body()).data();
    Set<String> asked = new LinkedHashSet<>();
    Set<String> twice = new HashSet<>();
    if (data.users() != null) {
      for (UserName user : data.users()) {
        if (!asked.add(user.name())) {
          twice.add(user.name());
        }
      }
    }
    if (!AnswerRows.fit(request.owed(), asked.size(), USER_BYTES)) {
      return new Answer.Ready(
          new DescribeUserScramCredentialsResponse(
              new DescribeUserScramCredentialsResponseData()
                  .setErrorCode(Errors.INVALID_REQUEST.code())
                  .setErrorMessage(AnswerRows.REFUSAL)));
    }
    Map<String, List<CredentialInfo>> found = new LinkedHashMap<>();
    for (Described one : credentials.describe(List.copyOf(asked))) {
      found
          .computeIfAbsent(one.user(), _ -> new ArrayList<>())
          .add(
              new CredentialInfo()
                  .setMechanism(Mechanisms.code(one.mechanism()))
                  .setIterations(one.iterations()));
    }
    DescribeUserScramCredentialsResponseData answer =
        new DescribeUserScramCredentialsResponseData();
    for (String user : asked.isEmpty() ? found.keySet() : asked) {
      answer.results().add(result(user, twice.contains(user), found.get(user)));
    }
    return new Answer.Ready(new DescribeUserScramCredentialsResponse(answer));
  }

  private static DescribeUserScramCredentialsResult result(
      String user, boolean isTwice, List<CredentialInfo> found) {
    DescribeUserScramCredentialsResult result =
        new DescribeUserScramCredentialsResult().setUser(user);
    if (isTwice) {
      return result
          .setErrorCode(Errors.DUPLICATE_RESOURCE.code())
          .setErrorMessage(
              "Cannot describe SCRAM credentials for the same user twice in a single request: "
                  + user);
    }
    return found == null
        ? result
            .setErrorCode(Errors.RESOURCE_NOT_FOUND.code())
            .setErrorMessage("Attempt to describe a user credential that does not exist: " + user)
        : result.setCredentialInfos(found);
  }
}
