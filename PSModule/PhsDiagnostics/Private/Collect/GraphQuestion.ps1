# What is asked of Microsoft Graph. The answers go to the native library as they came; nothing here judges them.

# Adds to a request what the tenant answers: all that the guide asks, or with -Brief what users are judged by.
function Add-PhsCloudEvidence {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request,
        [Parameter(Mandatory)] [hashtable] $Graph,
        [Parameter()] [switch] $Brief
    )

    $answers = [System.Collections.Generic.List[object]]::new()
    Get-PhsGraphAnswer -Graph $Graph -Question organization -Answers $answers -Path ('/v1.0/organization?$select=id,createdDateTime,' +
        'verifiedDomains,onPremisesSyncEnabled,onPremisesLastSyncDateTime,onPremisesLastPasswordSyncDateTime')
    Get-PhsGraphAnswer -Graph $Graph -Question onPremisesSynchronization -Answers $answers `
        -Path '/v1.0/directory/onPremisesSynchronization'
    if (-not $Brief) {
        Get-PhsGraphAnswer -Graph $Graph -Question domains -Answers $answers `
            -Path '/v1.0/domains?$select=id,authenticationType,isVerified,isInitial'
        foreach ($domain in Get-PhsFederatedDomain -Answers $answers) {
            Get-PhsGraphAnswer -Graph $Graph -Question federationConfiguration -About $domain -Answers $answers `
                -Path ('/v1.0/domains/{0}/federationConfiguration' -f [uri]::EscapeDataString($domain))
        }
        Get-PhsGraphAnswer -Graph $Graph -Question featureRolloutPolicies -Answers $answers `
            -Path '/v1.0/policies/featureRolloutPolicies?$expand=appliesTo'
    }
    if (-not $Request.Contains('evidence')) {
        $Request.evidence = [ordered]@{}
    }
    $Request.evidence.cloud = New-PhsGraphAnswerSet -Graph $Graph -Answers $answers -AsksUsers
}

# Answers as the library takes them.
function New-PhsGraphAnswerSet {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)] [hashtable] $Graph,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.Generic.List[object]] $Answers,
        [Parameter()] [switch] $AsksUsers
    )

    [ordered]@{
        source      = $Graph.Root.GetLeftPart([System.UriPartial]::Authority)
        environment = $Graph.Environment
        observedAt  = [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [cultureinfo]::InvariantCulture)
        asksUsers   = [bool] $AsksUsers
        answers     = $Answers.ToArray()
    }
}

# Names of the federated domains among the answers.
function Get-PhsFederatedDomain {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.Generic.List[object]] $Answers)

    foreach ($answer in $Answers) {
        if ($answer.question -ne 'domains' -or $answer['status'] -ne 200) {
            continue
        }
        foreach ($domain in @(Get-PhsJsonMember -Json (ConvertFrom-PhsGraphBody -Body $answer.body) -Name 'value')) {
            if ((Get-PhsJsonMember -Json $domain -Name 'authenticationType') -eq 'Federated') {
                [string] (Get-PhsJsonMember -Json $domain -Name 'id')
            }
        }
    }
}

# What the tenant knows of users whom the directory has told of: by SID and by name, seven at a time (a filter has 15
# clauses at most). Gives the answers as input for the run that asked.
function Get-PhsGraphUserInput {
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)] [hashtable] $Graph,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $User
    )

    $answers = [System.Collections.Generic.List[object]]::new()
    $select = 'userPrincipalName,accountEnabled,onPremisesSyncEnabled,onPremisesUserPrincipalName,onPremisesSecurityIdentifier,' +
    'onPremisesImmutableId,lastPasswordChangeDateTime,onPremisesProvisioningErrors'
    for ($first = 0; $first -lt $User.Count; $first += 7) {
        $clauses = [System.Collections.Generic.List[string]]::new()
        $names = [System.Collections.Generic.List[string]]::new()
        foreach ($one in $User[$first..([math]::Min($first + 6, $User.Count - 1))]) {
            $known = [ordered]@{ onPremisesSecurityIdentifier = $one.SecurityIdentifier; userPrincipalName = $one.UserPrincipalName }
            foreach ($property in $known.Keys) {
                $value = [string] $known[$property]
                if ($value) {
                    $names.Add($value)
                    $clauses.Add("$property eq '$($value.Replace("'", "''"))'")
                }
            }
        }
        Get-PhsGraphAnswer -Graph $Graph -Question users -Identities $names.ToArray() -Answers $answers `
            -Path ('/v1.0/users?$select={0}&$filter={1}' -f $select, [uri]::EscapeDataString($clauses -join ' or '))
    }
    [ordered]@{ cloud = New-PhsGraphAnswerSet -Graph $Graph -Answers $answers }
}

# Asks one question to its last page and adds the answers. What fails is an answer too, and says how.
function Get-PhsGraphAnswer {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Graph,
        [Parameter(Mandatory)] [string] $Question,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.Generic.List[object]] $Answers,
        # The domain, of a question about one.
        [Parameter()] [string] $About,
        # The names, of a question about users.
        [Parameter()] [string[]] $Identities
    )

    $uri = [uri]::new($Graph.Root, $Path)
    $seen = [System.Collections.Generic.HashSet[string]]::new()
    for ($page = 1; $null -ne $uri; $page++) {
        if ($Graph.Ended) {
            return
        }
        $answer = [ordered]@{ question = $Question }
        if ($About) {
            $answer.about = $About
        }
        $next = $null
        if ($page -gt 200 -or -not $seen.Add($uri.AbsoluteUri)) {
            $answer.failure = 'tooLarge'
        } elseif ($uri.Scheme -ne $Graph.Root.Scheme -or $uri.Authority -ne $Graph.Root.Authority) {
            $answer.failure = 'foreignLink'
        } else {
            $reply = Request-PhsGraph -Graph $Graph -Uri $uri
            if ($reply['Failure']) {
                $answer.failure = $reply.Failure
            } else {
                $answer.status = $reply.Status
                $answer.body = $reply.Body
                if ($reply.Status -eq 200) {
                    $json = ConvertFrom-PhsGraphBody -Body $reply.Body
                    $link = Get-PhsJsonMember -Json $json -Name '@odata.nextLink'
                    # A body that cannot be read here may hide a next page: what came is not known to be the whole.
                    if ($null -eq $json -or
                        ($link -and -not [uri]::TryCreate([string] $link, [System.UriKind]::Absolute, [ref] $next))) {
                        $answer.Remove('status')
                        $answer.Remove('body')
                        $answer.failure = 'unreadable'
                        $next = $null
                    }
                }
            }
            # What ails one of these questions ails all.
            $Graph.Ended = $answer['status'] -eq 401 -or $answer['failure'] -in 'unreachable', 'untrusted', 'session'
        }
        # Names were answered once their last page came.
        if ($Identities -and $null -eq $next) {
            $answer.identities = $Identities
        }
        $Answers.Add($answer)
        $uri = $next
    }
}

# Asks, and asks again where the service asks to wait (429, 503, 504) and there is patience left.
function Request-PhsGraph {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [hashtable] $Graph,
        [Parameter(Mandatory)] [uri] $Uri
    )

    for ($try = 1; ; $try++) {
        $reply = Send-PhsGraphRequest -Graph $Graph -Uri $Uri
        $outcome = if ($reply['Failure']) { $reply.Failure } else { $reply.Status }
        # Without the query: it names users.
        Write-Verbose "GET $($Uri.GetLeftPart([System.UriPartial]::Path)): $outcome"
        if ($reply['Failure'] -or $reply.Status -notin 429, 503, 504) {
            return $reply
        }
        $seconds = if ($null -ne $reply.RetryAfter) { [math]::Max(0, [math]::Ceiling($reply.RetryAfter)) } else { [math]::Pow(2, $try) }
        if ($try -ge 6 -or $seconds -gt $Graph.Patience) {
            if ($reply.Status -eq 429 -or $null -ne $reply.RetryAfter) {
                return @{ Failure = 'throttled' }
            }
            return $reply
        }
        $Graph.Patience -= $seconds
        Start-Sleep -Seconds $seconds
    }
}

# A body as an object, or nothing where it is no JSON.
function ConvertFrom-PhsGraphBody {
    [CmdletBinding()]
    param([Parameter()] [AllowNull()] [AllowEmptyString()] [string] $Body)

    # Most of what is no JSON says so at once, without an error in the user's own list.
    if (-not "$Body".TrimStart().StartsWith('{')) {
        return
    }
    try {
        ConvertFrom-Json -InputObject $Body
    } catch {
        # The library says what is wrong with it.
        Write-Debug $_.Exception.GetType().FullName
    }
}

# A member of an object of JSON, or nothing.
function Get-PhsJsonMember {
    [CmdletBinding()]
    param(
        [Parameter()] [AllowNull()] $Json,
        [Parameter(Mandatory)] [string] $Name
    )

    if ($null -eq $Json) {
        return
    }
    $member = $Json.PSObject.Properties[$Name]
    if ($null -ne $member) {
        $member.Value
    }
}
