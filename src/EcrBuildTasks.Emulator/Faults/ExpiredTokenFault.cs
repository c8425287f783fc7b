namespace EcrBuildTasks.Emulator.Faults;

/// <summary>Refuses as if the caller's token had expired; a HEAD without telling why.</summary>
/// <param name="Step"><inheritdoc cref="Fault" path="/param[@name='Step']"/></param>
public sealed record ExpiredTokenFault(string Step) : InterruptionFault(Step)
{
    private protected override Task InterruptAsync(HttpContext context) =>
        RefusalAnswer.IsOfRegistry(context)
            ? RefusalAnswer.WriteAsync(
                context,
                StatusCodes.Status403Forbidden,
                "DENIED",
                apiCode: "",
                "Your authorization token has expired. Reauthenticate and try again."
            )
            : RefusalAnswer.WriteAsync(
                context,
                StatusCodes.Status403Forbidden,
                code: "",
                "ExpiredTokenException",
                "The security token included in the request is expired"
            );
}
