package io.weft.controlplane.leader.compaction;

import java.util.ArrayDeque;
import java.util.Deque;

/// Which neighbours of a row of extents are best merged into one. Pure.
///
/// A merged extent is to be many times as large as the largest of those it is made of: a byte is
/// then moved about once for each time that its extent grows by so much. Of all neighbours those
/// are taken that grow most.
final class ExtentChoice {
  /// @param from of the first one
  /// @param to behind the last one
  /// @param growth how many times the largest of them they are together
  record Window(int from, int to, double growth) {
    static final Window NONE = new Window(0, 0, 0);

    boolean isEmpty() {
      return to - from < 2;
    }
  }

  private ExtentChoice() {}

  /// @param lengths of extents that may be merged, by offset
  /// @param countMax that are merged at once
  /// @param bytesMax of all that are merged at once
  /// @return two at least, or none
  static Window best(int[] lengths, int countMax, long bytesMax) {
    Window best = Window.NONE;
    int[] right = firstLargerBehind(lengths);
    Deque<Integer> larger = new ArrayDeque<>();
    for (int i = 0; i < lengths.length; i++) {
      while (!larger.isEmpty() && lengths[larger.peek()] <= lengths[i]) {
        larger.pop();
      }
      int left = larger.isEmpty() ? 0 : larger.peek() + 1;
      larger.push(i);
      // Equal ones have the same neighbours: the last of them was not looked at in vain.
      Window window = limited(lengths, left, right[i], countMax, bytesMax);
      if (!window.isEmpty() && window.growth() > best.growth()) {
        best = window;
      }
    }
    return best;
  }

  private static int[] firstLargerBehind(int[] lengths) {
    int[] found = new int[lengths.length];
    Deque<Integer> larger = new ArrayDeque<>();
    for (int i = lengths.length - 1; i >= 0; i--) {
      while (!larger.isEmpty() && lengths[larger.peek()] <= lengths[i]) {
        larger.pop();
      }
      found[i] = larger.isEmpty() ? lengths.length : larger.peek();
      larger.push(i);
    }
    return found;
  }

  /// The oldest of these, as many as are merged at once.
  private static Window limited(int[] lengths, int from, int end, int countMax, long bytesMax) {
    long bytes = 0;
    int largest = 1;
    int to = from;
    while (to < end && to - from < countMax && bytes + lengths[to] <= bytesMax) {
      bytes += lengths[to];
      largest = Math.max(largest, lengths[to]);
      to++;
    }
    return new Window(from, to, (double) bytes / largest);
  }
}
