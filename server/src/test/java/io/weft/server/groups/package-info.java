/// Consumer groups with the standard Java clients against processes of Weft.
package io.weft.server.groups;
