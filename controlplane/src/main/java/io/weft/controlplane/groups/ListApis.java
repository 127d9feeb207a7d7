package io.weft.controlplane.groups;

import io.weft.controlplane.groups.limit.AnswerBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.requests.ShareGroupDescribeRequest;
import org.apache.kafka.common.requests.ShareGroupDescribeResponse;
import org.apache.kafka.common.requests.StreamsGroupDescribeRequest;
import org.apache.kafka.common.requests.StreamsGroupDescribeResponse;
import org.apache.kafka.server.share.persister.DeleteShareGroupStateParameters;

/// ListGroups, DeleteGroups and the four ways to describe groups.
final class ListApis {
  private static final long NEWEST = Long.MAX_VALUE;

  /// There is no plug-in that keeps descriptions of topologies.
  private static final byte DESCRIPTION_NOT_STORED = 1;

  /// There is no authoriser yet: everybody may do all that there is to do with a group.
  private static final int PERMITTED =
      (1 << AclOperation.READ.code())
          | (1 << AclOperation.DESCRIBE.code())
          | (1 << AclOperation.DELETE.code())
          | (1 << AclOperation.DESCRIBE_CONFIGS.code())
          | (1 << AclOperation.ALTER_CONFIGS.code());

  private final Shard shard;

  ListApis(Shard shard) {
    this.shard = shard;
  }

  AbstractResponse list(CoordinatorCall call) {
    ListGroupsRequestData request = call.body(ListGroupsRequest.class).data();
    ListGroupsResponseData listed = new ListGroupsResponseData();
    try {
      listed.setGroups(
          shard.coordinator().listGroups(request.statesFilter(), request.typesFilter(), NEWEST));
    } catch (RuntimeException e) {
      listed.setErrorCode(Refusals.of(e).error().code());
    }
    return new ListGroupsResponse(listed);
  }

  AbstractResponse delete(CoordinatorCall call) {
    List<String> asked =
        List.copyOf(new TreeSet<>(call.body(DeleteGroupsRequest.class).data().groupsNames()));
    DeletableGroupResultCollection results = new DeletableGroupResultCollection();
    List<String> rest = new ArrayList<>(asked);
    deleteShareState(asked)
        .forEach(
            (group, error) -> {
              results.add(new DeletableGroupResult().setGroupId(group).setErrorCode(error.code()));
              rest.remove(group);
            });
    if (!rest.isEmpty()) {
      shard
          .decide(
              () -> shard.coordinator().deleteGroups(call.client(), rest),
              error -> DeleteGroupsRequest.getErrorResultCollection(rest, error.error()))
          .forEach(result -> results.add(result.duplicate()));
    }
    return new DeleteGroupsResponse(new DeleteGroupsResponseData().setResults(results));
  }

  /// What share groups hold of partitions goes first.
  ///
  /// @return the groups for which it could not, by name
  private Map<String, Errors> deleteShareState(List<String> groups) {
    Map<String, Map.Entry<DeleteShareGroupStateParameters, Errors>> requests =
        shard.decide(
            () -> shard.coordinator().sharePartitionDeleteRequests(groups),
            error -> new TreeMap<>());
    Map<String, Errors> refused = new TreeMap<>();
    requests.forEach(
        (group, request) -> {
          if (request.getValue() == Errors.NONE) {
            deleteShareState(request.getKey());
          } else {
            refused.put(group, request.getValue());
          }
        });
    return refused;
  }

  private void deleteShareState(DeleteShareGroupStateParameters parameters) {
    String group = parameters.groupTopicPartitionData().groupId();
    parameters
        .groupTopicPartitionData()
        .topicsData()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        each ->
                            shard.deleteShare(
                                group, MemberApis.partition(topic.topicId(), each.partition()))));
  }

  AbstractResponse describeClassic(CoordinatorCall call) {
    DescribeGroupsRequestData request = call.body(DescribeGroupsRequest.class).data();
    List<DescribeGroupsResponseData.DescribedGroup> groups =
        described(
            call,
            request.groups(),
            ids -> shard.coordinator().describeGroups(call.client(), ids, NEWEST),
            DescribeGroupsRequest::getErrorDescribedGroupList);
    if (request.includeAuthorizedOperations()) {
      groups.stream()
          .filter(group -> group.errorCode() == Errors.NONE.code())
          .forEach(group -> group.setAuthorizedOperations(PERMITTED));
    }
    return new DescribeGroupsResponse(new DescribeGroupsResponseData().setGroups(groups));
  }

  AbstractResponse describeConsumer(CoordinatorCall call) {
    ConsumerGroupDescribeRequestData request = call.body(ConsumerGroupDescribeRequest.class).data();
    List<ConsumerGroupDescribeResponseData.DescribedGroup> groups =
        described(
            call,
            named(request.groupIds()),
            ids -> shard.coordinator().consumerGroupDescribe(ids, NEWEST),
            ConsumerGroupDescribeRequest::getErrorDescribedGroupList);
    if (request.includeAuthorizedOperations()) {
      groups.stream()
          .filter(group -> group.errorCode() == Errors.NONE.code())
          .forEach(group -> group.setAuthorizedOperations(PERMITTED));
    }
    unnamed(request.groupIds())
        .forEach(
            id ->
                groups.add(
                    new ConsumerGroupDescribeResponseData.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(Errors.INVALID_GROUP_ID.code())));
    return new ConsumerGroupDescribeResponse(
        new ConsumerGroupDescribeResponseData().setGroups(groups));
  }

  AbstractResponse describeShare(CoordinatorCall call) {
    ShareGroupDescribeRequestData request = call.body(ShareGroupDescribeRequest.class).data();
    List<ShareGroupDescribeResponseData.DescribedGroup> groups =
        described(
            call,
            named(request.groupIds()),
            ids -> shard.coordinator().shareGroupDescribe(ids, NEWEST),
            ShareGroupDescribeRequest::getErrorDescribedGroupList);
    if (request.includeAuthorizedOperations()) {
      groups.stream()
          .filter(group -> group.errorCode() == Errors.NONE.code())
          .forEach(group -> group.setAuthorizedOperations(PERMITTED));
    }
    unnamed(request.groupIds())
        .forEach(
            id ->
                groups.add(
                    new ShareGroupDescribeResponseData.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(Errors.INVALID_GROUP_ID.code())));
    return new ShareGroupDescribeResponse(new ShareGroupDescribeResponseData().setGroups(groups));
  }

  AbstractResponse describeStreams(CoordinatorCall call) {
    StreamsGroupDescribeRequestData request = call.body(StreamsGroupDescribeRequest.class).data();
    List<StreamsGroupDescribeResponseData.DescribedGroup> groups =
        described(
            call,
            named(request.groupIds()),
            ids -> shard.coordinator().streamsGroupDescribe(ids, NEWEST).describedGroups(),
            StreamsGroupDescribeRequest::getErrorDescribedGroupList);
    groups.stream()
        .filter(group -> group.errorCode() == Errors.NONE.code())
        .forEach(
            group -> {
              if (request.includeAuthorizedOperations()) {
                group.setAuthorizedOperations(PERMITTED);
              }
              if (request.includeTopologyDescription()) {
                group.setTopologyDescriptionStatus(DESCRIPTION_NOT_STORED);
              }
            });
    unnamed(request.groupIds())
        .forEach(
            id ->
                groups.add(
                    new StreamsGroupDescribeResponseData.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(Errors.INVALID_GROUP_ID.code())));
    return new StreamsGroupDescribeResponse(
        new StreamsGroupDescribeResponseData().setGroups(groups));
  }

  private interface Refused<G> {
    List<G> of(List<String> groups, Errors error);
  }

  /// One after the other; those that are too much for one answer are refused.
  private static <G extends Message> List<G> described(
      CoordinatorCall call,
      List<String> groups,
      Function<List<String>, List<G>> describe,
      Refused<G> refused) {
    AnswerBudget budget = new AnswerBudget(call.body().version());
    List<G> described = new ArrayList<>(groups.size());
    for (String group : groups) {
      List<String> one = List.of(group);
      described.add(
          budget.part(
              () -> described(one, describe, refused),
              () -> refused.of(one, Errors.INVALID_REQUEST).getFirst()));
    }
    return described;
  }

  private static <G> G described(
      List<String> group, Function<List<String>, List<G>> describe, Refused<G> refused) {
    try {
      return describe.apply(group).getFirst();
    } catch (RuntimeException e) {
      return refused.of(group, Refusals.of(e).error()).getFirst();
    }
  }

  private static List<String> named(List<String> groups) {
    return groups.stream().filter(group -> !group.isEmpty()).toList();
  }

  private static List<String> unnamed(List<String> groups) {
    return groups.stream().filter(String::isEmpty).toList();
  }
}
