using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CDK;
using Amazon.CDK.AWS.ECR;
using EcrBuildTasks.RealParts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EcrBuildTasks.Formats.Tests;

/// <summary>Compiles C# for the AWS CDK, runs it and gives the policies that the CDK makes of it.</summary>
internal static class CdkApp
{
    /// <param name="calls">
    /// Statements of C# that speak of a <c>repository</c> (the <typeparamref name="TRepository"/>), a <c>role</c> and a
    /// <c>user</c>.
    /// </param>
    /// <returns>For each, the policies that came to the template by it.</returns>
    public static IReadOnlyList<IReadOnlyList<JsonNode>> Run<TRepository>(IReadOnlyList<string> calls)
    {
        _ = RealPart.Find("node");
        var build = (Func<Stack[]>)Delegate.CreateDelegate(typeof(Func<Stack[]>), Compile(typeof(TRepository), calls));
        return [.. build().Select(PoliciesOf)];
    }

    private static System.Reflection.MethodInfo Compile(Type repository, IReadOnlyList<string> calls)
    {
        var methods = calls.Select(
            (call, i) =>
                $$"""
                    static Stack Call{{i}}(App app)
                    {
                        var stack = new Stack(app, "stack{{i}}");
                        var repository = new {{repository.Name}}(stack, "repository");
                        var role = new Role(stack, "role", new RoleProps { AssumedBy = new AccountRootPrincipal() });
                        var user = new User(stack, "user");
                    {{call}}
                        return stack;
                    }
                    """
        );
        var source = $$"""
            using System.Collections.Generic;
            using Amazon.CDK;
            using Amazon.CDK.AWS.ECR;
            using Amazon.CDK.AWS.IAM;

            public static class Rendered
            {
                public static Stack[] Build()
                {
                    var app = new App();
                    return [{{string.Join(", ", calls.Select((_, i) => $"Call{i}(app)"))}}];
                }

            {{string.Join('\n', methods)}}
            }
            """;
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Rendered",
            [CSharpSyntaxTree.ParseText(source)],
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        );
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics.Take(5)));
        return System.Reflection.Assembly.Load(image.ToArray()).GetType("Rendered")!.GetMethod("Build")!;
    }

    private static IReadOnlyList<JsonNode> PoliciesOf(Stack stack)
    {
        var template = JsonNode.Parse(
            JsonSerializer.Serialize(Amazon.CDK.Assertions.Template.FromStack(stack).ToJSON())
        )!;
        return
        [
            .. template["Resources"]!
                .AsObject()
                .Select(resource => resource.Value!["Properties"])
                .Select(properties => properties?["RepositoryPolicyText"] ?? properties?["PolicyDocument"])
                .OfType<JsonNode>(),
        ];
    }
}
