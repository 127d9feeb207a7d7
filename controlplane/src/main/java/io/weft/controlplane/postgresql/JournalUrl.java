package io.weft.controlplane.postgresql;

import io.weft.environment.Environment;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.url.ObjectStoreUrl;
import java.util.regex.Pattern;

/// Where a journal is, as text: a PostgreSQL database (see [PostgresUrl]), or any store of
/// [ObjectStoreUrl].
public final class JournalUrl {
  private static final Pattern NAMED_SECRET = Pattern.compile("(?is)(password=).*");
  private static final Pattern USER_INFO = Pattern.compile("(?is)(postgres(ql)?:/*).*@");

  /// A name and a password, where there may be other `@`.
  private static final Pattern NAME_AND_PASSWORD = Pattern.compile("(?s)(//)[^/?]*:.*@");

  /// However it is written.
  private static final Pattern POSTGRES = Pattern.compile("(?is)\\s*(jdbc:)?postgres(ql)?:.*");

  private JournalUrl() {}

  /// Opens it; the caller closes it. Nothing is retried or measured, and no database is asked yet.
  ///
  /// @throws IllegalArgumentException if it is not a journal's URL, with one sentence that says how
  ///   to mend it
  public static ObjectStore open(String text, Environment environment) {
    return open(text, environment, false);
  }

  /// As [#open], to look at what is there, whatever it is worth: a database is not changed, may
  /// have no tables yet, and may have settings that lose records.
  public static ObjectStore openToRead(String text, Environment environment) {
    return open(text, environment, true);
  }

  private static ObjectStore open(String text, Environment environment, boolean isToRead) {
    if (isPostgres(text)) {
      return new PostgresStore(PostgresUrl.parse(text, System.getenv()), environment, isToRead);
    }
    try {
      return ObjectStoreUrl.parse(text).open(environment);
    } catch (IllegalArgumentException e) {
      String shown = shown(text);
      if (shown.equals(text)) {
        throw e;
      }
      // Not as the cause: its message has the password.
      throw new IllegalArgumentException(e.getMessage().replace(text, shown));
    }
  }

  /// The URL as it may be printed: without what looks like a password.
  public static String shown(String text) {
    Pattern before = isPostgres(text) ? USER_INFO : NAME_AND_PASSWORD;
    return before.matcher(NAMED_SECRET.matcher(text).replaceAll("$1…")).replaceFirst("$1…@");
  }

  private static boolean isPostgres(String text) {
    return POSTGRES.matcher(text).matches();
  }
}
