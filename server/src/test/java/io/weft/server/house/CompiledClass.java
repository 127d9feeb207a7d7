package io.weft.server.house;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a class file says of what its class uses. Names have dots, nested classes `$`.
///
/// @param name of the class
/// @param source name of the file it was compiled from, without folders
/// @param classes every class named anywhere in it
/// @param members every method and field it refers to
/// @param monitors its methods that are or have something synchronized
record CompiledClass(
    String name,
    Optional<String> source,
    Set<String> classes,
    Set<Member> members,
    Set<String> monitors) {
  /// A method or field referred to.
  ///
  /// @param descriptor as in the class file, for example `(J)V`
  record Member(String owner, String name, String descriptor) implements Comparable<Member> {
    @Override
    public int compareTo(Member other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return owner + "." + name + descriptor;
    }
  }

  /// A class in a descriptor or a generic signature.
  private static final Pattern DESCRIBED = Pattern.compile("L([\\w/$]+)[;<]");

  static CompiledClass read(Path file) throws IOException {
    return of(ClassFile.of().parse(Files.readAllBytes(file)));
  }

  String packageName() {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  private static CompiledClass of(ClassModel model) {
    Set<String> classes = new TreeSet<>();
    Set<Member> members = new TreeSet<>();
    Set<Utf8Entry> texts = new HashSet<>();
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof StringEntry string) {
        texts.add(string.utf8());
      }
    }
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry named -> addClass(named.asInternalName(), classes);
        case MemberRefEntry member ->
            members.add(
                new Member(
                    dotted(member.owner().asInternalName()),
                    member.name().stringValue(),
                    member.type().stringValue()));
        case Utf8Entry text when !texts.contains(text) -> addDescribed(text.stringValue(), classes);
        default -> {}
      }
    }
    return new CompiledClass(
        dotted(model.thisClass().asInternalName()),
        model
            .findAttribute(Attributes.sourceFile())
            .map(attribute -> attribute.sourceFile().stringValue()),
        classes,
        members,
        monitors(model));
  }

  private static Set<String> monitors(ClassModel model) {
    Set<String> monitors = new TreeSet<>();
    for (MethodModel method : model.methods()) {
      boolean locks =
          method.code().stream()
              .flatMap(CodeModel::elementStream)
              .anyMatch(MonitorInstruction.class::isInstance);
      if (locks || method.flags().has(AccessFlag.SYNCHRONIZED)) {
        monitors.add(method.methodName().stringValue());
      }
    }
    return monitors;
  }

  /// An array's class entry is a descriptor.
  private static void addClass(String internalName, Set<String> classes) {
    if (internalName.startsWith("[")) {
      addDescribed(internalName, classes);
    } else {
      classes.add(dotted(internalName));
    }
  }

  private static void addDescribed(String text, Set<String> classes) {
    Matcher matcher = DESCRIBED.matcher(text);
    while (matcher.find()) {
      classes.add(dotted(matcher.group(1)));
    }
  }

  private static String dotted(String internalName) {
    return internalName.replace('/', '.');
  }
}
