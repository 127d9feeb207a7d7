package io.weft.controlplane.postgresql;

import io.weft.storage.object.url.UrlOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A database, and a cluster's name in it. Immutable; its text holds no password.
///
/// ```
/// url    := "postgresql://" host [ ":" port ] { "," host [ ":" port ] } "/" database [ "?" option { "&" option } ]
/// option := "user=" … | "cluster=" …                 by default both `weft`
///         | "passwordFile=" path                     by default the variable WEFT_JOURNAL_PASSWORD
///         | "sslmode=" ( "disable" | "require" | "verify-ca" | "verify-full" … ) | "sslRootCert=" path
///         | ( "connectTimeoutMs" | "attemptTimeoutMs" | "connectionsMax" ) "=" number
///         | "sync=" ( "true" | "false" )             false: settings that lose records are accepted
/// ```
record PostgresUrl(
    String text,
    List<Host> hosts,
    String database,
    Login login,
    String cluster,
    Limits limits,
    boolean mayLose) {
  static final String SCHEME = "postgresql://";
  static final String PASSWORD_VARIABLE = "WEFT_JOURNAL_PASSWORD";

  private static final int PORT = 5432;
  private static final int PASSWORD_BYTES_MAX = 4096;
  private static final List<String> OPTIONS =
      List.of(
          "user",
          "cluster",
          "passwordFile",
          "sslmode",
          "sslRootCert",
          "connectTimeoutMs",
          "attemptTimeoutMs",
          "connectionsMax",
          "sync");
  private static final List<String> SSL_MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  record Host(String name, int port) {}

  /// @param connectTimeoutMs for a connection to one host; all of them, and a second, is the limit
  ///   for a connection to be made or to become free
  /// @param attemptTimeoutMs for one statement
  record Limits(int connectTimeoutMs, int attemptTimeoutMs, int connectionsMax) {
    static final Limits DEFAULT = new Limits(5_000, 10_000, 16);
  }

  record Login(String user, String password, String sslMode, String sslRootCert) {
    /// Without the password.
    @Override
    public String toString() {
      return user;
    }
  }

  /// @throws IllegalArgumentException with one sentence that says how to mend it
  static PostgresUrl parse(String text, Map<String, String> variables) {
    String shown = JournalUrl.shown(text);
    if (!text.startsWith(SCHEME)) {
      throw wrong(
          shown, "should begin with postgresql://, in small letters and with nothing before it");
    }
    int mark = text.indexOf('?');
    String address = text.substring(SCHEME.length(), mark < 0 ? text.length() : mark);
    if (address.contains("@")) {
      throw wrong(
          shown,
          "should have no user and password before the host: give user=… as an option, and the"
              + " password in the variable %s or in the file of passwordFile=…"
                  .formatted(PASSWORD_VARIABLE));
    }
    String query = mark < 0 ? "" : text.substring(mark + 1);
    UrlOptions options = UrlOptions.parse(shown, query, OPTIONS);
    int slash = address.indexOf('/');
    String database = slash < 0 ? "" : address.substring(slash + 1);
    if (slash < 1 || !database.matches("[A-Za-z0-9._-]{1,63}")) {
      throw wrong(shown, "should name a host and a database: postgresql://host:port/database");
    }
    return new PostgresUrl(
        shown,
        hosts(shown, address.substring(0, slash)),
        database,
        login(shown, options, variables),
        name(shown, "cluster", options),
        new Limits(
            options.number("connectTimeoutMs", Limits.DEFAULT.connectTimeoutMs()),
            options.number("attemptTimeoutMs", Limits.DEFAULT.attemptTimeoutMs()),
            options.number("connectionsMax", Limits.DEFAULT.connectionsMax())),
        options.one("sync", List.of("true", "false")).equals("false"));
  }

  private static List<Host> hosts(String shown, String list) {
    List<Host> hosts = new ArrayList<>();
    for (String each : list.split(",", -1)) {
      int colon = each.lastIndexOf(':');
      String port = colon < 0 ? "" + PORT : each.substring(colon + 1);
      String host = colon < 0 ? each : each.substring(0, colon);
      if (!host.matches("[A-Za-z0-9._-]+")
          || !port.matches("[1-9][0-9]{0,4}")
          || Integer.parseInt(port) > 65_535) {
        throw wrong(shown, "should have hosts as host:port, separated by commas");
      }
      hosts.add(new Host(host, Integer.parseInt(port)));
    }
    return List.copyOf(hosts);
  }

  private static Login login(String shown, UrlOptions options, Map<String, String> variables) {
    String file = options.text("passwordFile");
    return new Login(
        name(shown, "user", options),
        file.isEmpty() ? variables.getOrDefault(PASSWORD_VARIABLE, "") : password(shown, file),
        options.one("sslmode", SSL_MODES),
        options.text("sslRootCert"));
  }

  private static String password(String shown, String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > PASSWORD_BYTES_MAX) {
        throw wrong(shown, "should name a file with nothing but a password as passwordFile");
      }
      return Files.readString(path).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the passwordFile of store '%s' cannot be read: %s".formatted(shown, e), e);
    }
  }

  private static String name(String shown, String option, UrlOptions options) {
    String name = options.text(option).isEmpty() ? "weft" : options.text(option);
    if (!name.matches("[A-Za-z0-9._@-]{1,63}")) {
      throw wrong(shown, "should have letters, digits, '.', '_' or '-' as its " + option);
    }
    return name;
  }

  private static IllegalArgumentException wrong(String shown, String why) {
    return new IllegalArgumentException("store '%s' %s".formatted(shown, why));
  }
}
