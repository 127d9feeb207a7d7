package io.weft.controlplane.codec.span;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.model.Extent;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Extents that follow each other in a partition, as [SpansShape] writes them. Stateless.
public final class ExtentsShape implements Shape<List<Extent>> {
  private final SpansShape spans;

  /// For bytes that we have written ourselves: those at hand are limit enough.
  public ExtentsShape() {
    this(Integer.MAX_VALUE);
  }

  /// @param countMax the most that may be read
  public ExtentsShape(int countMax) {
    this.spans = new SpansShape(countMax);
  }

  @Override
  public void write(List<Extent> extents, WireWriter out) {
    spans.write(Collections.unmodifiableList(extents), out);
  }

  @Override
  public List<Extent> read(WireReader in) {
    List<Span> read = spans.read(in);
    List<Extent> extents = new ArrayList<>(read.size());
    for (Span each : read) {
      if (!(each instanceof Extent extent)) {
        throw new MalformedBytesException("a marker among extents");
      }
      extents.add(extent);
    }
    return Collections.unmodifiableList(extents);
  }

  @Override
  public int versionAt(int level) {
    return spans.versionAt(level);
  }

  @Override
  public boolean weighs() {
    return true;
  }

  @Override
  public long weight(List<Extent> extents) {
    return spans.weight(Collections.unmodifiableList(extents));
  }
}
