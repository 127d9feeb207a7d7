package io.weft.rpc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Where a process listens.
///
/// @param host a name or an IP address (IPv6 without brackets)
/// @param port 0 to 65535; 0 (any free one) makes sense for listening only
public record HostPort(String host, int port) {
  /// Characters of a name in DNS, at most.
  public static final int HOST_CHARS_MAX = 253;

  /// Addresses in one list, at most.
  public static final int ADDRESSES_MAX = 16;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%\\w+)?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

  public HostPort {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the host is missing");
    }
    if (host.length() > HOST_CHARS_MAX) {
      throw new IllegalArgumentException(
          "a host of %d characters, at most %d are allowed"
              .formatted(host.length(), HOST_CHARS_MAX));
    }
    if (!NAME.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      throw new IllegalArgumentException("'%s' is neither a name nor an address".formatted(host));
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port %d is not between 0 and 65535".formatted(port));
    }
  }

  /// Reads `host:port` or `[ipv6]:port`.
  ///
  /// @throws IllegalArgumentException with a message for the author of the text
  public static HostPort parse(String text) {
    String trimmed = text.strip();
    try {
      if (trimmed.contains("://")) {
        throw new IllegalArgumentException("it is host:port, without a scheme");
      }
      if (trimmed.startsWith("[")) {
        return parseBracketed(trimmed);
      }
      int colon = trimmed.lastIndexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("the port is missing");
      }
      String host = trimmed.substring(0, colon);
      if (host.indexOf(':') >= 0) {
        throw new IllegalArgumentException("an IPv6 address stands in brackets: [::1]:9090");
      }
      return new HostPort(host, parsePort(trimmed.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not an address: '%s' (%s)".formatted(shown(trimmed), e.getMessage()), e);
    }
  }

  /// Reads a comma-separated list of one to [#ADDRESSES_MAX] addresses.
  public static List<HostPort> parseList(String text) {
    List<HostPort> addresses = new ArrayList<>();
    for (String part : text.split(",", ADDRESSES_MAX + 1)) {
      addresses.add(parse(part));
    }
    if (addresses.size() > ADDRESSES_MAX) {
      throw new IllegalArgumentException("more than %d addresses".formatted(ADDRESSES_MAX));
    }
    return List.copyOf(addresses);
  }

  private static HostPort parseBracketed(String text) {
    int end = text.indexOf(']');
    if (end < 0 || !text.startsWith(":", end + 1)) {
      throw new IllegalArgumentException("the port is missing behind ]");
    }
    String host = text.substring(1, end);
    if (!IPV6.matcher(host).matches()) {
      throw new IllegalArgumentException("only an IPv6 address stands in brackets");
    }
    return new HostPort(host, parsePort(text.substring(end + 2)));
  }

  private static int parsePort(String text) {
    if (!PORT.matcher(text).matches()) {
      throw new IllegalArgumentException(
          text.isEmpty() ? "the port is missing" : "'%s' is no port".formatted(shown(text)));
    }
    return Integer.parseInt(text);
  }

  private static String shown(String text) {
    return text.length() <= HOST_CHARS_MAX ? text : text.substring(0, HOST_CHARS_MAX) + "…";
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
