package io.weft.agent.api.configs;

import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/// One setting as DescribeConfigs shows it.
///
/// @param value null for none
/// @param readOnly whether only its operator can change it
/// @param synonyms where the value could come from, the one that counts first
record ShownConfig(
    ConfigKey key,
    String value,
    ConfigSource source,
    boolean readOnly,
    List<DescribeConfigsSynonym> synonyms) {
  /// One that can be changed by a request.
  ShownConfig(
      ConfigKey key, String value, ConfigSource source, List<DescribeConfigsSynonym> synonyms) {
    this(key, value, source, false, synonyms);
  }

  static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
    return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
  }

  /// Whether a request asks for a setting of this name.
  static boolean isWanted(String name, DescribeConfigsResource resource) {
    List<String> names = resource.configurationKeys();
    return names == null || names.isEmpty() || names.contains(name);
  }

  DescribeConfigsResourceResult as(DescribeConfigsRequestData asked) {
    DescribeConfigsResourceResult shown =
        new DescribeConfigsResourceResult()
            .setName(key.name)
            .setValue(value)
            .setReadOnly(readOnly)
            .setConfigSource(source.id())
            .setConfigType(type(key.type).id())
            .setDocumentation(asked.includeDocumentation() ? key.documentation : null);
    if (asked.includeSynonyms()) {
      shown.setSynonyms(synonyms);
    }
    return shown;
  }

  private static ConfigType type(ConfigDef.Type type) {
    return switch (type) {
      case BOOLEAN -> ConfigType.BOOLEAN;
      case STRING -> ConfigType.STRING;
      case INT -> ConfigType.INT;
      case SHORT -> ConfigType.SHORT;
      case LONG -> ConfigType.LONG;
      case DOUBLE -> ConfigType.DOUBLE;
      case LIST -> ConfigType.LIST;
      case CLASS -> ConfigType.CLASS;
      case PASSWORD -> ConfigType.PASSWORD;
    };
  }
}
