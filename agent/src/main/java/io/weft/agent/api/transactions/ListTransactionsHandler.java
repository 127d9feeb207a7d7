package io.weft.agent.api.transactions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.CoordinatorChoice;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Filter;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.model.AgentId;
import io.weft.model.RegexRules;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.ListTransactionsResponse;

/// ListTransactions: the transactional ids whose coordinator this agent is to the client, so that
/// one that asks all agents gets each id once. Thread-safe.
final class ListTransactionsHandler implements ApiHandler {
  private final Transactions transactions;
  private final LiveCatalog catalog;
  private final Supplier<AgentId> self;

  ListTransactionsHandler(Transactions transactions, LiveCatalog catalog, Supplier<AgentId> self) {
    this.transactions = transactions;
    this.catalog = catalog;
    this.self = self;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_TRANSACTIONS;
  }

  @Override
  public Answer handle(Request request) {
    ListTransactionsRequestData asked = ((ListTransactionsRequest) request.body()).data();
    ListTransactionsResponseData answer = new ListTransactionsResponseData();
    Optional<Predicate<String>> pattern = pattern(asked.transactionalIdPattern());
    if (pattern.isEmpty()) {
      return new Answer.Ready(
          new ListTransactionsResponse(
              answer.setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code())));
    }
    Set<State> states = EnumSet.noneOf(State.class);
    for (String name : asked.stateFilters()) {
      TransactionStates.of(name).ifPresent(states::add);
      if (!TransactionStates.isName(name)) {
        answer.unknownStateFilters().add(name);
      }
    }
    if (asked.stateFilters().isEmpty() || !states.isEmpty()) {
      Filter filter =
          new Filter(Set.copyOf(asked.producerIdFilters()), states, asked.durationFilter());
      Predicate<String> ours = coordinatedHere(request);
      collect(filter, pattern.get().and(ours), answer);
    }
    return new Answer.Ready(new ListTransactionsResponse(answer));
  }

  private void collect(
      Filter filter, Predicate<String> wanted, ListTransactionsResponseData answer) {
    String after = "";
    List<Listed> listed;
    do {
      listed = transactions.list(filter, after);
      for (Listed each : listed) {
        if (wanted.test(each.transactionalId())) {
          answer
              .transactionStates()
              .add(
                  new TransactionState()
                      .setTransactionalId(each.transactionalId())
                      .setProducerId(each.producerId())
                      .setTransactionState(TransactionStates.name(each.state())));
        }
        after = each.transactionalId();
      }
    } while (listed.size() >= Transactions.LISTED_MAX);
  }

  private Predicate<String> coordinatedHere(Request request) {
    CoordinatorChoice coordinators =
        CoordinatorChoice.of(
            catalog.current(),
            ClientRoute.of(request.header().clientId(), request.client().listener()));
    AgentId ours = self.get();
    return transactionalId -> coordinators.isListedBy(ours, transactionalId);
  }

  /// In linear time whatever the pattern; empty if the text is not a valid pattern.
  private static Optional<Predicate<String>> pattern(String pattern) {
    if (pattern == null || pattern.isEmpty()) {
      return Optional.of(id -> true);
    }
    if (RegexRules.faultOf(pattern).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Pattern.compile(pattern)::matches);
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }
}
