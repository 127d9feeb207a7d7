package io.weft.storage.object;

import java.util.List;
import java.util.Optional;

/// A part of a listing in no order.
///
/// @param objects may be none though there are more pages
/// @param next what the call for the next page says; empty if this is the last one
public record ListedPage(List<ObjectInfo> objects, Optional<String> next) {}
