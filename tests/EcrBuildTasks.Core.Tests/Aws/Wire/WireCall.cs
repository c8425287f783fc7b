using System.Reflection;
using Amazon.Runtime;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Core.Tests.Aws.Wire;

/// <summary>One call of ECR as both sides make it, and what the service answers to both.</summary>
/// <param name="Name">The operation, and behind it what is special.</param>
/// <param name="Request">What <see cref="EcrClient"/> is given.</param>
/// <param name="AwsCli">The options of awscli that say the same.</param>
/// <param name="Answer">The answer's body.</param>
internal sealed record WireCall(string Name, AmazonECRRequest Request, string[] AwsCli, string Answer)
{
    public string Operation => Name.Split(' ')[0];

    /// <summary>Whose API is called.</summary>
    public RegistryKind Kind { get; init; }

    /// <summary>The body to send where awscli 2.9, which distributions still ship, has no option for it.</summary>
    public string? NewerThanAwsCli { get; init; }

    /// <summary>Lets <see cref="EcrClient"/> make the call.</summary>
    public async Task<AmazonWebServiceResponse> RunAsync(EcrClient ecr)
    {
        var call = (Task)
            typeof(EcrClient)
                .GetMethod(Operation + "Async", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)!
                .Invoke(ecr, [Request, TestContext.Current.CancellationToken])!;
        await call;
        return (AmazonWebServiceResponse)call.GetType().GetProperty("Result")!.GetValue(call)!;
    }
}
