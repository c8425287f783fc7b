using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CDK;
using Amazon.CDK.AWS.ECR;
using EcrBuildTasks.RealParts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EcrBuildTasks.Fixes;

/// <summary>Compiles C# for the AWS CDK, runs it and gives the policies that the CDK makes of it.</summary>
internal static class CdkApp
{
    /// <param name="calls">Statements of C# that speak of a <c>repository</c>, a <c>role</c> and a <c>user</c>.</param>
    /// <returns>For each, all policy statements that came to the template by it.</returns>
    public static IReadOnlyList<JsonArray> Run(IReadOnlyList<string> calls)
    {
        _ = Cli.Find("node").OrSkip("The AWS CDK needs Node.js.", Assert.Skip);
        var build = (Func<Stack[]>)Delegate.CreateDelegate(typeof(Func<Stack[]>), Compile(calls));
        return [.. build().Select(StatementsOf)];
    }

    private static System.Reflection.MethodInfo Compile(IReadOnlyList<string> calls)
    {
        var methods = calls.Select(
            (call, i) =>
                $$"""
                    static Stack Call{{i}}(App app)
                    {
                        var stack = new Stack(app, "stack{{i}}");
                        var repository = new Repository(stack, "repository");
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

    private static JsonArray StatementsOf(Stack stack)
    {
        var template = JsonNode.Parse(
            JsonSerializer.Serialize(Amazon.CDK.Assertions.Template.FromStack(stack).ToJSON())
        )!;
        var policies = template["Resources"]!
            .AsObject()
            .Select(resource => resource.Value!["Properties"])
            .Select(properties => properties?["RepositoryPolicyText"] ?? properties?["PolicyDocument"])
            .Where(policy => policy is not null);
        return
        [
            .. policies
                .SelectMany(policy => policy!["Statement"]!.AsArray())
                .Select(statement => statement!.DeepClone()),
        ];
    }
}
