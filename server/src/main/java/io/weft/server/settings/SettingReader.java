package io.weft.server.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Puts a command's settings together: flag before environment variable before file before default.
public final class SettingReader {
  private static final int FILE_BYTES_MAX = 1 << 20;

  private static final List<String> OTHER_VARIABLES =
      List.of("WEFT_CONFIG", "WEFT_JVM_OPTS", "WEFT_AOT");

  private final List<Setting> table;
  private final List<Setting> known;

  public SettingReader(List<Setting> table) {
    this(table, SettingTable.ALL);
  }

  /// @param table the settings of the command
  /// @param known those of every command of this program: a variable whose name begins like theirs,
  ///   but is not among them, is taken for a mistake
  public SettingReader(List<Setting> table, List<Setting> known) {
    this.table = List.copyOf(table);
    this.known = List.copyOf(known);
  }

  /// @param flags setting name to text, as given on the command line
  /// @param environment the process's environment variables
  /// @param file a YAML file, if one is named
  /// @throws SettingException with a sentence that says how to mend it
  public Settings read(
      Map<String, String> flags, Map<String, String> environment, Optional<Path> file) {
    Map<String, String> fromFile = file.map(this::readFile).orElse(Map.of());
    checkVariables(environment);
    Map<String, String> values = new HashMap<>();
    for (Setting setting : table) {
      values.put(setting.name(), valueOf(setting, flags, environment, fromFile));
    }
    return new Settings(table, values);
  }

  private static String valueOf(
      Setting setting,
      Map<String, String> flags,
      Map<String, String> environment,
      Map<String, String> fromFile) {
    String name = setting.name();
    if (flags.containsKey(name)) {
      return checked(setting, flags.get(name), "option " + setting.option());
    }
    String variable = setting.variable();
    if (environment.containsKey(variable)
        && !KubernetesLink.is(variable, environment.get(variable))) {
      return checked(setting, environment.get(variable), "from " + variable);
    }
    if (fromFile.containsKey(name)) {
      return checked(setting, fromFile.get(name), "from the settings file");
    }
    return setting
        .defaultText()
        .orElseThrow(
            () ->
                new SettingException(
                    "%s is not set; give it with %s (%s)."
                        .formatted(name, setting.option(), setting.meaning())));
  }

  private static String checked(Setting setting, String text, String source) {
    setting.check(text, source);
    return text;
  }

  /// Only what was most likely meant as a setting is judged: variables of other programs may begin
  /// as ours do.
  private void checkVariables(Map<String, String> environment) {
    List<String> variables = known.stream().map(Setting::variable).toList();
    new TreeMap<>(environment)
        .forEach(
            (variable, value) -> {
              if (variable.startsWith(Setting.VARIABLE_PREFIX)
                  && !OTHER_VARIABLES.contains(variable)
                  && !variables.contains(variable)
                  && !KubernetesLink.is(variable, value)
                  && Suggestion.nearest(variable, Setting.VARIABLE_PREFIX, variables).isPresent()) {
                throw new SettingException(
                    "The environment variable %s is no setting of Weft's%s."
                        .formatted(variable, Suggestion.of(variable, variables)));
              }
            });
  }

  private Map<String, String> readFile(Path file) {
    Object root;
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new SettingException(
            "The settings file %s is longer than %d bytes; name another with --config."
                .formatted(file, FILE_BYTES_MAX));
      }
      root = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new SettingException(
          "There is no settings file %s; name another with --config.".formatted(file));
    } catch (IOException e) {
      throw new SettingException(
          "The settings file %s cannot be read (%s); see to its permissions and that it is UTF-8."
              .formatted(file, e.getMessage()));
    } catch (YamlEngineException e) {
      throw new SettingException(
          "The settings file %s is not YAML: %s."
              .formatted(file, e.getMessage().lines().findFirst().orElse("")));
    }
    Map<String, String> values = new TreeMap<>();
    if (root != null) {
      flatten("", root, values, file);
    }
    return values;
  }

  private void flatten(String prefix, Object node, Map<String, String> values, Path file) {
    if (node instanceof Map<?, ?> branch) {
      for (Map.Entry<?, ?> entry : branch.entrySet()) {
        String name = prefix.isEmpty() ? "" + entry.getKey() : prefix + "." + entry.getKey();
        flatten(name, entry.getValue() == null ? "" : entry.getValue(), values, file);
      }
      return;
    }
    if (prefix.isEmpty() || node instanceof List<?>) {
      throw new SettingException(
          "The settings file %s must be a map of names to values, which it is not at '%s'."
              .formatted(file, prefix));
    }
    List<String> names = table.stream().map(Setting::name).toList();
    if (!names.contains(prefix)) {
      throw new SettingException(
          "The settings file %s sets %s, which is no setting of this command%s."
              .formatted(file, prefix, Suggestion.of(prefix, names)));
    }
    values.put(prefix, String.valueOf(node));
  }
}
