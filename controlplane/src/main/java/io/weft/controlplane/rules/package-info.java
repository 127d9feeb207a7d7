/// What Kafka's own classes say of settings that the control plane keeps: one door for all that
/// creates or changes a topic, whether an agent asks or the group coordinator does.
///
/// `TopicRules.flaw` is asked by agents (CreateTopics, AlterConfigs) and by the leader (the topics
/// that a streams group needs). `KeptSettings` tells what another release has kept, of topics and
/// of other resources, and this one cannot read: it is left as it is. Must not know: the state,
/// which holds to the limits of [io.weft.controlplane.api.TopicCatalog] whatever is said here.
package io.weft.controlplane.rules;
