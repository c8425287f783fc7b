using EcrBuildTasks.RealParts;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EcrBuildTasks.Core.Tests;

/// <summary>
/// Who uses whom. Constants and <c>nameof</c> leave no trace in an assembly, so what uses nothing else of a namespace is not seen.
/// </summary>
public sealed class ArchitectureTests
{
    private const string Root = "EcrBuildTasks";

    private static readonly ModuleDefinition[] Modules =
    [
        .. new[] { "EcrBuildTasks.Policies", "EcrBuildTasks.Core", "EcrBuildTasks.Emulator" }.Select(Read),
        ModuleDefinition.ReadModule(SourceTree.Tasks),
        ModuleDefinition.ReadModule(SourceTree.Tool),
        ModuleDefinition.ReadModule(SourceTree.Emulator),
    ];

    private static readonly Dictionary<string, TypeDefinition> Types = Modules
        .SelectMany(module => module.GetTypes())
        .Where(type => type.Namespace.StartsWith(Root, StringComparison.Ordinal) && type.DeclaringType is null)
        .ToDictionary(type => type.FullName, StringComparer.Ordinal);

    [Fact]
    public void Each_namespace_uses_exactly_these()
    {
        var dependencies = Types
            .Values.GroupBy(NameOf, StringComparer.Ordinal)
            .OrderBy(types => types.Key, StringComparer.Ordinal)
            .Select(types =>
                $"{types.Key}: {string.Join(", ", types.SelectMany(UsedBy).Select(NameOf).Where(name => name != types.Key).Distinct().Order(StringComparer.Ordinal))}".TrimEnd()
            );

        string.Join('\n', dependencies).ShouldBe(Expected);
    }

    [Fact]
    public void No_namespace_uses_itself_by_way_of_others()
    {
        var uses = Expected
            .Split('\n')
            .Select(line => line.Split(':'))
            .ToDictionary(
                parts => parts[0],
                parts => parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                StringComparer.Ordinal
            );

        uses.Keys.Where(name => Closure(uses[name], next => uses[next]).Contains(name)).ShouldBeEmpty();
    }

    /// <summary>How much a reader of the pipeline may have to read. The number may only fall.</summary>
    [Fact]
    public void The_pipeline_reaches_no_more_types_than_before() =>
        Closure([Types[typeof(PushPipeline).FullName!]], UsedBy).Count.ShouldBeLessThanOrEqualTo(TypesOfThePipeline);

    [Fact]
    public void The_policies_reference_no_package() =>
        Modules[0]
            .AssemblyReferences.Select(assembly => assembly.Name)
            .ShouldAllBe(name => name == "System" || name.StartsWith("System.", StringComparison.Ordinal));

    private static ModuleDefinition Read(string assembly) =>
        ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));

    /// <summary>The namespace below the root; the root itself is called <c>Core</c>.</summary>
    private static string NameOf(TypeDefinition type) =>
        type.Namespace == Root ? "Core" : type.Namespace[(Root.Length + 1)..];

    private static HashSet<T> Closure<T>(IEnumerable<T> start, Func<T, IEnumerable<T>> next)
    {
        var reached = new HashSet<T>(start);
        var open = new Stack<T>(reached);
        while (open.TryPop(out var one))
        {
            foreach (var other in next(one).Where(reached.Add))
            {
                open.Push(other);
            }
        }

        return reached;
    }

    /// <summary>Our own types that a type, those in it included, uses.</summary>
    private static IEnumerable<TypeDefinition> UsedBy(TypeDefinition type) =>
        WithNested(type).SelectMany(References).SelectMany(Parts).Select(Find).OfType<TypeDefinition>().Distinct();

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static TypeDefinition? Find(TypeReference type)
    {
        for (; type.DeclaringType is not null; type = type.DeclaringType) { }
        return Types.GetValueOrDefault(type.FullName);
    }

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        var signatures = type
            .Interfaces.Select(implementation => implementation.InterfaceType)
            .Append(type.BaseType)
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.CustomAttributes.Select(attribute => attribute.AttributeType))
            .Concat(
                type.Methods.SelectMany(method =>
                    method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)
                )
            );
        var bodies = type.Methods.Where(method => method.HasBody).SelectMany(method => InBody(method.Body));
        return signatures.Concat(bodies).Where(used => used is not null);
    }

    private static IEnumerable<TypeReference> InBody(MethodBody body) =>
        body
            .Variables.Select(variable => variable.VariableType)
            .Concat(body.ExceptionHandlers.Select(handler => handler.CatchType))
            .Concat(
                body.Instructions.SelectMany<Instruction, TypeReference>(instruction =>
                    instruction.Operand switch
                    {
                        TypeReference used => [used],
                        MethodReference method =>
                        [
                            method.DeclaringType,
                            .. (method as GenericInstanceMethod)?.GenericArguments ?? [],
                        ],
                        MemberReference { DeclaringType: { } declaring } => [declaring],
                        _ => [],
                    }
                )
            );

    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
            TypeSpecification specification => Parts(specification.ElementType),
            _ => [type],
        };

    private const int TypesOfThePipeline = 455;

    // Of two files each, because several namespaces that must not know each other use them: Emulator.Throttling.
    private const string Expected = """
        Assumptions: Aws, Aws.Model, Failures, Images, Policies, Policies.Names, Preflight, Push.Registry, Repositories, Settings
        Aws: Aws.Model, Failures, Failures.Reading, Policies.Names, Settings
        Aws.Model:
        Core: Aws, Failures, Images.Packing, Policies.Fixes, Policies.Names, Preflight, Push, Push.Engine, Push.Registry, Repositories, Scans, Settings, Tags
        Emulator: Emulator.Api, Emulator.Authorization, Emulator.Calls, Emulator.Configuration, Emulator.Credentials, Emulator.Distribution, Emulator.Faults, Emulator.Identity, Emulator.Query, Emulator.Signing, Emulator.Storage, Emulator.Throttling, Policies.Names
        Emulator.Api: Emulator.Authorization, Emulator.Calls, Emulator.Configuration, Emulator.Distribution, Emulator.Identity, Emulator.Signing, Emulator.Storage, Emulator.Throttling, Policies, Policies.Names
        Emulator.Authorization: Emulator.Calls, Emulator.Configuration, Emulator.Identity, Emulator.Storage, Policies, Policies.Names
        Emulator.Calls:
        Emulator.Configuration: Emulator.Calls, Emulator.Faults
        Emulator.Credentials: Emulator.Calls, Emulator.Configuration, Emulator.Identity, Policies
        Emulator.Distribution: Emulator.Authorization, Emulator.Calls, Emulator.Configuration, Emulator.Identity, Emulator.Storage, Emulator.Throttling, Policies, Policies.Names
        Emulator.Faults: Policies, Policies.Names
        Emulator.Identity: Emulator.Configuration, Policies, Policies.Names
        Emulator.Query: Emulator.Authorization, Emulator.Calls, Emulator.Configuration, Emulator.Identity, Emulator.Signing, Emulator.Throttling, Policies, Policies.Names
        Emulator.Signing: Emulator.Configuration, Emulator.Identity
        Emulator.Storage: Emulator.Calls, Emulator.Configuration, Policies.Names
        Emulator.Throttling: Emulator.Calls, Emulator.Configuration
        Emulator.Tool: Emulator, Emulator.Calls, Emulator.Configuration
        Failures: Policies, Policies.Fixes, Policies.Lint
        Failures.Reading: Failures, Policies, Policies.Fixes, Policies.Names
        Images: Failures, Policies
        Images.Packing: Failures, Images, Settings
        Policies: Policies.Names
        Policies.Explaining: Policies, Policies.Fixes, Policies.Lint, Policies.Names
        Policies.Fixes: Policies, Policies.Names
        Policies.Lint: Policies, Policies.Fixes, Policies.Names
        Policies.Names:
        Preflight: Aws, Aws.Model, Failures, Policies, Policies.Fixes, Policies.Lint, Policies.Names, Repositories, Tags
        Projects: Core, Failures, Policies.Names, Settings
        Push: Aws, Failures
        Push.Engine: Aws, Failures, Failures.Reading, Images, Policies.Names, Push, Settings
        Push.Registry: Aws, Failures, Failures.Reading, Images, Images.Packing, Push, Push.Engine, Settings
        Reporting: Aws, Core, Failures, Policies, Policies.Fixes, Policies.Names, Preflight, Push, Reporting.CiSystems, Repositories, Scans, Settings, Tags
        Reporting.CiSystems: Core, Failures, Push
        Repositories: Aws, Aws.Model, Failures, Policies, Policies.Fixes, Policies.Names, Tags
        Scans: Aws, Aws.Model, Failures, Policies, Policies.Names, Tags
        Settings: Failures, Policies.Names
        Tags: Aws, Aws.Model, Failures, Policies.Names, Settings
        Tasks: Aws, Core, Failures, Images.Packing, Projects, Push, Reporting, Settings
        Tool.Cases: Policies, Policies.Fixes
        Tool.CommandLine: Aws, Core, Failures, Policies.Fixes, Policies.Names, Preflight, Push, Reporting, Scans, Settings, Tags
        Tool.Commands: Assumptions, Aws, Aws.Model, Core, Failures, Failures.Reading, Policies, Policies.Explaining, Policies.Fixes, Policies.Lint, Policies.Names, Preflight, Push, Reporting, Repositories, Scans, Settings, Tool.Cases, Tool.CommandLine, Tool.Doctor, Tool.Login, Tool.RepositoryPolicies
        Tool.Doctor: Aws, Core, Failures, Policies.Names, Push.Engine, Push.Registry, Settings, Tool.CommandLine
        Tool.Login: Aws, Failures, Policies.Names, Settings, Tool.CommandLine
        Tool.RepositoryPolicies: Aws, Aws.Model, Core, Failures, Policies, Policies.Explaining, Policies.Fixes, Policies.Names, Preflight, Reporting, Repositories, Tool.CommandLine
        """;
}
