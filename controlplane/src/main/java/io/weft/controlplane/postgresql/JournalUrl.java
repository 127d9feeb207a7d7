package io.weft.controlplane.postgresql;

import io.weft.environment.Environment;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.url.ObjectStoreUrl;
import java.util.regex.Pattern;

/// Where a journal is, as text: a PostgreSQL database (see [PostgresUrl]), or any store of
/// [ObjectStoreUrl].
public final class JournalUrl {
  private static final Pattern NAMED_SECRET = Pattern.compile("(?i)(password=)[^&]*");
  private static final Pattern USER_INFO = Pattern.compile("//.*@");

  private JournalUrl() {}

  /// Opens it; the caller closes it. Nothing is retried or measured, and no database is asked yet.
  ///
  /// @throws IllegalArgumentException if it is not a journal's URL, with one sentence that says how
  ///   to mend it
  public static ObjectStore open(String text, Environment environment) {
    return isPostgres(text)
        ? new PostgresStore(PostgresUrl.parse(text, System.getenv()), environment)
        : ObjectStoreUrl.parse(text).open(environment);
  }

  /// The URL as it may be printed: without what looks like a password.
  public static String shown(String text) {
    return isPostgres(text)
        ? USER_INFO.matcher(NAMED_SECRET.matcher(text).replaceAll("$1…")).replaceFirst("//…@")
        : text;
  }

  private static boolean isPostgres(String text) {
    return text.startsWith(PostgresUrl.SCHEME) || text.startsWith("postgres://");
  }
}
