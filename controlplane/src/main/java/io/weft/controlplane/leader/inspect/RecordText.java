package io.weft.controlplane.leader.inspect;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.state.admin.CredentialRecord;
import io.weft.controlplane.state.admin.ResourceConfigured;
import io.weft.controlplane.state.file.FileRecord;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.topic.TopicRecord;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A record as one line for a person. Stateless.
///
/// Secrets are not shown: salts and keys of passwords, and the values of settings whose names speak
/// of secrets.
final class RecordText {
  /// A longer line says how much was left out.
  static final int CHARS_MAX = 2_000;

  private RecordText() {}

  static String of(StateRecord record) {
    String text =
        switch (record) {
          case CredentialRecord.CredentialPut put ->
              "CredentialPut[user=%s, mechanism=%s, iterations=%d, salt and keys not shown]"
                  .formatted(put.user(), put.mechanism(), put.credential().iterations());
          case ResourceConfigured configured ->
              "ResourceConfigured[kind=%s, name=%s, settings=%s]"
                  .formatted(configured.kind(), configured.name(), shown(configured.settings()));
          case TopicRecord.TopicCreated(NewTopic topic) ->
              new TopicRecord.TopicCreated(
                      new NewTopic(
                          topic.id(),
                          topic.name(),
                          topic.partitions(),
                          topic.replicationFactor(),
                          shown(topic.settings())))
                  .toString();
          case TopicRecord.TopicConfigured configured ->
              "TopicConfigured[topic=%s, settings=%s]"
                  .formatted(configured.topic(), shown(configured.settings()));
          case FileRecord.FileCommitted committed ->
              "FileCommitted[agent=%s, settledBelow=%d, timeMs=%d, fileId=%d, partitions=%d]"
                  .formatted(
                      committed.agent(),
                      committed.settledBelow(),
                      committed.timeMs(),
                      committed.file().fileId(),
                      committed.file().partitions().size());
          case StateRecord other -> other.toString();
        };
    String line = escaped(text);
    return line.length() <= CHARS_MAX
        ? line
        : "%s… (%d characters more)"
            .formatted(line.substring(0, CHARS_MAX), line.length() - CHARS_MAX);
  }

  private static Map<String, String> shown(Map<String, String> settings) {
    Map<String, String> shown = new TreeMap<>(settings);
    shown.replaceAll((name, value) -> isSecret(name) ? "(not shown)" : value);
    return shown;
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("password") || lower.contains("secret") || lower.contains("jaas");
  }

  /// On one line, whatever clients have put into names.
  static String escaped(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.isSurrogate((char) c)) {
                line.append("\\u%04x".formatted(c));
              } else {
                line.append((char) c);
              }
            });
    return line.toString();
  }
}
