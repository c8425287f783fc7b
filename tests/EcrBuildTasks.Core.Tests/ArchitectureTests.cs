using Mono.Cecil;

namespace EcrBuildTasks.Core.Tests;

/// <summary>The rooms of the core depend one way only.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "EcrBuildTasks";

    private static readonly AssemblyDefinition Core = AssemblyDefinition.ReadAssembly(
        typeof(PushPipeline).Assembly.Location
    );

    [Theory]
    [InlineData("Registry")]
    [InlineData("Policies")]
    [InlineData("Variables")]
    [InlineData("Network", "Variables")]
    [InlineData("Spelling")]
    [InlineData("Tags", "Registry")]
    [InlineData("Revisions", "Variables")]
    [InlineData("Aws", "Variables", "Registry", "Network", "Spelling")]
    [InlineData("Scans", "Registry", "Aws")]
    [InlineData("Preflight", "Registry", "Policies", "Spelling", "Tags", "Aws")]
    [InlineData("Fixes", "Registry", "Policies", "Aws")]
    [InlineData("Push", "Variables", "Registry", "Network")]
    [InlineData("Diagnostics", "Registry", "Policies", "Aws", "Preflight", "Fixes", "Scans", "Push")]
    [InlineData("Reporting", "", "Registry", "Policies", "Tags", "Aws", "Scans", "Fixes", "Push", "Diagnostics")]
    public void A_room_knows_only_the_rooms_below_it(string room, params string[] below)
    {
        var types = Core.MainModule.GetTypes().Where(type => RoomOf(type) == room).ToList();

        types.ShouldNotBeEmpty();
        types
            .SelectMany(type =>
                References(type).Select(reference => (type.FullName, Room: RoomOf(reference), reference))
            )
            .Where(use => use.Room is not null && use.Room != room && !below.Contains(use.Room))
            .Select(use => $"{use.FullName} uses {use.reference.FullName}")
            .Distinct()
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Preflight")]
    [InlineData("Fixes")]
    [InlineData("Push")]
    [InlineData("")]
    public void The_public_surface_shows_no_type_of_the_AWS_SDK_or_Docker(string room) =>
        Core
            .MainModule.GetTypes()
            .Where(type => type.IsPublic && RoomOf(type) == room)
            .SelectMany(type =>
                type.Methods.Where(method => method.IsPublic || method.IsFamily)
                    .SelectMany(method => method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType))
                    .SelectMany(Parts)
                    .Where(part =>
                        part.Namespace.StartsWith("Amazon", StringComparison.Ordinal)
                        || part.Namespace.StartsWith("Docker", StringComparison.Ordinal)
                    )
                    .Select(part => $"{type.FullName} shows {part.FullName}")
            )
            .ShouldBeEmpty();

    /// <summary>The room of a type of the core: the part after the root; the empty room is the pipeline's.</summary>
    private static string? RoomOf(TypeReference type)
    {
        for (; type.DeclaringType is not null; type = type.DeclaringType) { }
        return type.Namespace.Split('.') switch
        {
            [Root] when type is TypeDefinition || type.Scope == Core.MainModule => "",
            [Root, var room, ..] => room,
            _ => null,
        };
    }

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        var signatures = type
            .Interfaces.Select(implementation => implementation.InterfaceType)
            .Append(type.BaseType)
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(
                type.Methods.SelectMany(method =>
                    method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType)
                )
            );
        var bodies = type
            .Methods.Where(method => method.HasBody)
            .SelectMany(method =>
                method
                    .Body.Variables.Select(variable => variable.VariableType)
                    .Concat(
                        method.Body.Instructions.SelectMany<Mono.Cecil.Cil.Instruction, TypeReference>(instruction =>
                            instruction.Operand switch
                            {
                                TypeReference used => [used],
                                MemberReference { DeclaringType: { } declaring } => [declaring],
                                _ => [],
                            }
                        )
                    )
            );
        return signatures.Concat(bodies).Where(used => used is not null).SelectMany(Parts);
    }

    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
            TypeSpecification specification => Parts(specification.ElementType),
            _ => [type],
        };
}
