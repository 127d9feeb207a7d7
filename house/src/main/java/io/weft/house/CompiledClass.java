package io.weft.house;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a class file says of what its class uses. Names have dots, nested classes `$`.
///
/// @param name of the class
/// @param source name of the file it was compiled from, without folders
/// @param classes every class named anywhere in it
/// @param members every method and field it refers to
/// @param monitors its methods that are or have something synchronized
/// @param contract what it asks of others, if it is an interface
record CompiledClass(
    String name,
    Optional<String> source,
    Set<String> classes,
    Set<Member> members,
    Set<String> monitors,
    Optional<Contract> contract) {
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

  /// What an interface asks of its implementations.
  ///
  /// @param extended the interfaces that it names as its own super-interfaces
  /// @param asked its abstract methods
  /// @param given its methods with a body that an object has, which take the place of inherited
  ///   ones
  record Contract(List<String> extended, Set<Signature> asked, Set<Signature> given) {
    /// Whether a method stands here, with a body or without, that takes the place of this one.
    boolean replaces(Signature inherited) {
      return Stream.concat(asked.stream(), given.stream()).anyMatch(own -> own.replaces(inherited));
    }
  }

  /// A method of an interface.
  ///
  /// @param parameters how many
  /// @param descriptor as in the class file
  record Signature(String name, int parameters, String descriptor) {
    /// Whether it takes the place of an inherited one. The types of its parameters may be others,
    /// where the inherited one has type variables.
    boolean replaces(Signature inherited) {
      return name.equals(inherited.name) && parameters == inherited.parameters;
    }
  }

  /// A class in a descriptor or a generic signature.
  private static final Pattern DESCRIBED = Pattern.compile("L([\\w/$]+)[;<]");

  static CompiledClass read(Path file) throws IOException {
    return of(ClassFile.of().parse(Files.readAllBytes(file)));
  }

  /// A class of the JDK's; nothing if no class has this name.
  static Optional<CompiledClass> ofTheJdk(String name) throws IOException {
    try (InputStream in =
        ClassLoader.getPlatformClassLoader()
            .getResourceAsStream(name.replace('.', '/') + ".class")) {
      return in == null
          ? Optional.empty()
          : Optional.of(of(ClassFile.of().parse(in.readAllBytes())));
    }
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
        monitors(model),
        contract(model));
  }

  private static Optional<Contract> contract(ClassModel model) {
    if (!model.flags().has(AccessFlag.INTERFACE) || model.flags().has(AccessFlag.ANNOTATION)) {
      return Optional.empty();
    }
    Set<Signature> asked = new HashSet<>();
    Set<Signature> given = new HashSet<>();
    for (MethodModel method : model.methods()) {
      if (!method.flags().has(AccessFlag.STATIC) && !method.flags().has(AccessFlag.PRIVATE)) {
        Signature signature =
            new Signature(
                method.methodName().stringValue(),
                method.methodTypeSymbol().parameterCount(),
                method.methodType().stringValue());
        (method.flags().has(AccessFlag.ABSTRACT) ? asked : given).add(signature);
      }
    }
    List<String> extended =
        model.interfaces().stream().map(entry -> dotted(entry.asInternalName())).toList();
    return Optional.of(new Contract(extended, asked, given));
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
