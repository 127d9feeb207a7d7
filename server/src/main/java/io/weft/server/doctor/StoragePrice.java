package io.weft.server.doctor;

/// What keeping bytes costs, by list prices.
public enum StoragePrice {
  S3_STANDARD(
      "S3 Standard", 0.023, "Amazon S3 pricing, us-east-1, first 50 TB, as of November 2026"),
  S3_EXPRESS("S3 Express One Zone", 0.11, "Amazon S3 pricing, us-east-1, as of November 2026");

  private static final double GB = 1L << 30;

  /// How the names of directory buckets end.
  private static final String EXPRESS_SUFFIX = "--x-s3";

  private final String label;
  private final double usdPerGbMonth;
  private final String source;

  StoragePrice(String label, double usdPerGbMonth, String source) {
    this.label = label;
    this.usdPerGbMonth = usdPerGbMonth;
    this.source = source;
  }

  /// That of a bucket, as far as its name shows it: a store of another provider, or a folder, is
  /// counted as S3 Standard.
  public static StoragePrice ofUrl(String url) {
    String address = url.split("[?]", 2)[0];
    String rest = address.startsWith("s3://") ? address.substring("s3://".length()) : "";
    return rest.split("/", 2)[0].endsWith(EXPRESS_SUFFIX) ? S3_EXPRESS : S3_STANDARD;
  }

  /// US dollars for keeping so many bytes for a month.
  public double usdPerMonth(long bytes) {
    return bytes / GB * usdPerGbMonth;
  }

  public double usdPerGbMonth() {
    return usdPerGbMonth;
  }

  public String label() {
    return label;
  }

  public String source() {
    return source;
  }
}
