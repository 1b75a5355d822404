@{
    # What the module's scripts may call: cmdlets and parameters that Windows PowerShell 5.1 has, each looked up on its page of the
    # 5.1 documentation. A script that needs another one adds it here after a look at its page.
    Cmdlets      = @{
        'ConvertFrom-Json'     = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/convertfrom-json?view=powershell-5.1'
            Parameters = , 'InputObject'
        }
        'ConvertTo-Json'       = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/convertto-json?view=powershell-5.1'
            Parameters = 'InputObject', 'Depth', 'Compress'
        }
        'ForEach-Object'       = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/foreach-object?view=powershell-5.1'
            Parameters = 'InputObject', 'Begin', 'Process', 'End', 'MemberName'
        }
        'Get-Command'          = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/get-command?view=powershell-5.1'
            Parameters = 'Name', 'Module', 'CommandType', 'ListImported'
        }
        'Get-Module'           = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/get-module?view=powershell-5.1'
            Parameters = 'Name', 'FullyQualifiedName', 'All', 'ListAvailable'
        }
        'Get-Service'          = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.management/get-service?view=powershell-5.1'
            Parameters = 'Name', 'DependentServices', 'RequiredServices', 'DisplayName', 'Include', 'Exclude', 'InputObject'
        }
        'Get-Variable'         = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/get-variable?view=powershell-5.1'
            Parameters = 'Name', 'ValueOnly', 'Scope'
        }
        'Get-WinEvent'         = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.diagnostics/get-winevent?view=powershell-5.1'
            Parameters = 'LogName', 'ListLog', 'ProviderName', 'Path', 'FilterHashtable', 'FilterXml', 'FilterXPath', 'MaxEvents', 'Oldest', 'ComputerName'
        }
        'Import-Module'        = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/import-module?view=powershell-5.1'
            Parameters = 'Name', 'FullyQualifiedName', 'Global', 'Prefix', 'Force', 'PassThru', 'MinimumVersion', 'RequiredVersion', 'PSSession', 'DisableNameChecking'
        }
        'Import-LocalizedData' = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/import-localizeddata?view=powershell-5.1'
            Parameters = 'BindingVariable', 'UICulture', 'BaseDirectory', 'FileName'
        }
        'Join-Path'            = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.management/join-path?view=powershell-5.1'
            Parameters = 'Path', 'ChildPath', 'Resolve', 'Credential'
        }
        'New-Object'           = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/new-object?view=powershell-5.1'
            Parameters = 'TypeName', 'ArgumentList', 'Property'
        }
        'Select-Object'        = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/select-object?view=powershell-5.1'
            Parameters = 'InputObject', 'Property', 'ExcludeProperty', 'ExpandProperty', 'Unique', 'Last', 'First', 'Skip', 'Index'
        }
        'Set-StrictMode'       = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/set-strictmode?view=powershell-5.1'
            Parameters = 'Version', 'Off'
        }
        'Sort-Object'          = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/sort-object?view=powershell-5.1'
            Parameters = 'InputObject', 'Property', 'Descending', 'Unique', 'Culture', 'CaseSensitive'
        }
        'Start-Process'        = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.management/start-process?view=powershell-5.1'
            Parameters = 'FilePath', 'ArgumentList', 'WorkingDirectory', 'Verb', 'Wait', 'PassThru'
        }
        'Start-Sleep'          = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/start-sleep?view=powershell-5.1'
            Parameters = 'Seconds', 'Milliseconds'
        }
        'Test-Path'            = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.management/test-path?view=powershell-5.1'
            Parameters = 'Path', 'LiteralPath', 'PathType'
        }
        'Where-Object'         = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.core/where-object?view=powershell-5.1'
            Parameters = @(
                'InputObject', 'FilterScript', 'Property', 'Value', 'EQ', 'CEQ', 'NE', 'CNE', 'GT', 'GE', 'LT', 'LE', 'Like', 'NotLike', 'Match'
                'NotMatch', 'Contains', 'NotContains', 'In', 'NotIn', 'Is', 'IsNot'
            )
        }
        'Write-Debug'          = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/write-debug?view=powershell-5.1'
            Parameters = , 'Message'
        }
        'Write-Verbose'        = @{
            Page       = 'https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/write-verbose?view=powershell-5.1'
            Parameters = , 'Message'
        }
    }

    # about_CommonParameters of 5.1: what every cmdlet has.
    Common       = @(
        'Debug', 'ErrorAction', 'ErrorVariable', 'InformationAction', 'InformationVariable', 'OutBuffer', 'OutVariable', 'PipelineVariable', 'Verbose'
        'WarningAction', 'WarningVariable', 'WhatIf', 'Confirm'
    )

    # Type accelerators of 5.1 (about_Type_Accelerators) that the scripts use; PowerShell 7 has more.
    Accelerators = @(
        'adsi', 'array', 'bool', 'byte', 'char', 'cmdletbinding', 'cultureinfo', 'datetime', 'decimal', 'double', 'float', 'guid', 'hashtable', 'int', 'int32'
        'int64', 'ipaddress', 'long', 'math', 'outputtype', 'parameter', 'pscredential', 'pscustomobject', 'psobject', 'psprimitivedictionary', 'regex'
        'scriptblock', 'securestring', 'single', 'string', 'supportswildcards', 'switch', 'timespan', 'type', 'uint16', 'uint32', 'uint64', 'uri', 'version'
        'void', 'xml', 'alias', 'allowemptycollection', 'allowemptystring', 'allownull', 'validatecount', 'validatelength', 'validatenotnull'
        'validatenotnullorempty', 'validatepattern', 'validaterange', 'validatescript', 'validateset', 'argumentcompleter', 'ordered'
    )

    # Members that PowerShell itself gives to every object (about_Intrinsic_Members, about_Properties).
    Intrinsic    = 'PSObject', 'PSTypeNames', 'PSBase', 'PSAdapted', 'PSExtended', 'Count', 'Length', 'ForEach', 'Where'
}
