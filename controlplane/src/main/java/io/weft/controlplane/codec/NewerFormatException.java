package io.weft.controlplane.codec;

/// Bytes whose version, or kind, is above all that this release knows: nothing is wrong with them,
/// a newer release wrote them.
public final class NewerFormatException extends MalformedBytesException {
  private static final long serialVersionUID = 1L;

  private NewerFormatException(String what, int format, int known) {
    super(
        "%s has format %d, and this release of Weft reads up to %d: a newer release wrote it"
            .formatted(what, format, known));
  }

  /// Lets the formats pass that this release reads. To be asked once the checksum is known to be
  /// right.
  ///
  /// @param what is read: "journal entry 7"
  /// @throws MalformedBytesException if it is another
  public static void check(String what, int format, int least, int known) {
    if (format > known) {
      throw new NewerFormatException(what, format, known);
    }
    if (format < least) {
      throw new MalformedBytesException("there is no format " + format);
    }
  }

  /// @param what was read, of a kind that this release does not know
  public NewerFormatException(String what) {
    super("%s is not known to this release of Weft: a newer release wrote it".formatted(what));
  }
}
